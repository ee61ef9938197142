import { annotations, labels, planImage } from '../../contract/names.ts';
import type { Json } from './json.ts';
import { isJson, textAt } from './json.ts';

/** Lists whose every item counts at its place; others may have more items, before, between and after the user's. */
const whole = new Set(['command', 'args', 'drop', 'add']);

/**
 * Fields of the user's that the result lacks or has with another value, but for those that the contract gives to the
 * project: the mark, the image `plan:current` and its pull policy, the resources of the dbt container, an empty plan
 * label or container annotation, and a TTL below the floor.
 */
export function lostFields(sent: Json, result: Json): readonly string[] {
  const dbt = textAt(result, 'metadata', 'annotations', annotations.container);
  return [...lost(sent, result, '', dbt)];
}

function* lost(sent: unknown, result: unknown, path: string, dbt: string | undefined): Generator<string> {
  if (Array.isArray(sent) && Array.isArray(result)) {
    if (whole.has(path.split('.').at(-1) ?? '') && sent.length !== result.length) yield path;
    else yield* lostItems(sent, result, path, dbt);
  } else if (isJson(sent) && isJson(result)) {
    for (const [name, value] of Object.entries(sent)) {
      const inner = path === '' ? name : `${path}.${name}`;
      if (!isProjects(inner, name, sent, dbt)) yield* lost(value, result[name], inner, dbt);
    }
  } else if (sent !== result) {
    yield path;
  }
}

/** Each item must be found in the result after the one before it. */
function* lostItems(
  sent: readonly unknown[],
  result: readonly unknown[],
  path: string,
  dbt: string | undefined,
): Generator<string> {
  let from = 0;
  for (const [index, item] of sent.entries()) {
    const at = result.findIndex((other, place) => place >= from && keeps(item, other, path, dbt));
    if (at === -1) yield `${path}[${index}]`;
    else from = at + 1;
  }
}

function keeps(item: unknown, other: unknown, path: string, dbt: string | undefined): boolean {
  return lost(item, other, path, dbt).next().done === true;
}

function isProjects(path: string, name: string, sent: Json, dbt: string | undefined): boolean {
  switch (name) {
    case annotations.projectUid:
      return true;
    case annotations.container:
    case labels.plan:
      return sent[name] === '';
    case 'image':
    case 'imagePullPolicy':
      return sent['image'] === planImage;
    case 'resources':
      return path === 'spec.containers.resources' && sent['name'] === dbt;
    case 'ttlSecondsAfterFinished':
      return Number(sent[name]) < 3600;
    default:
      return false;
  }
}
