import { dump } from 'js-yaml';

/** A line of the second text, of the first, or of both. */
export interface Line {
  readonly mark: ' ' | '+' | '-';
  readonly text: string;
}

/** Both values as YAML, line by line; fields of the second stand where the first has them. */
export function yamlDifference(before: unknown, after: unknown): readonly Line[] {
  return lineDifference(yamlLines(before), yamlLines(orderedLike(before, after)));
}

function yamlLines(value: unknown): readonly string[] {
  return dump(value, { lineWidth: -1, noRefs: true }).trimEnd().split('\n');
}

/** New fields follow the old ones of their object. Lists are left as they are: their order means something. */
function orderedLike(model: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    const models: readonly unknown[] = Array.isArray(model) ? model : [];
    return value.map((item) => orderedLike(modelOf(models, item), item));
  }
  if (!isFields(value)) return value;
  const fields = isFields(model) ? model : {};
  const keys = [
    ...Object.keys(fields).filter((key) => key in value),
    ...Object.keys(value).filter((key) => !(key in fields)),
  ];
  return Object.fromEntries(keys.map((key) => [key, orderedLike(fields[key], value[key])]));
}

function modelOf(models: readonly unknown[], item: unknown): unknown {
  const name = isFields(item) ? item['name'] : undefined;
  return models.find((model) => isFields(model) && model['name'] === name);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Shortest difference, by the longest common subsequence: pods have some hundred lines, so a table of all pairs will do. */
export function lineDifference(before: readonly string[], after: readonly string[]): readonly Line[] {
  const common = commonLengths(before, after);
  const lines: Line[] = [];
  let b = 0;
  let a = 0;
  while (b < before.length || a < after.length) {
    const [old, fresh] = [before[b], after[a]];
    if (old !== undefined && old === fresh) {
      lines.push({ mark: ' ', text: old });
      b++;
      a++;
    } else if (
      old !== undefined &&
      (fresh === undefined || length(common, b + 1, a) >= length(common, b, a + 1))
    ) {
      lines.push({ mark: '-', text: old });
      b++;
    } else if (fresh !== undefined) {
      lines.push({ mark: '+', text: fresh });
      a++;
    }
  }
  return lines;
}

/** Row b, column a: how many lines the texts from there on have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      const row = table[b];
      if (row === undefined) continue;
      row[a] =
        before[b] === after[a]
          ? length(table, b + 1, a + 1) + 1
          : Math.max(length(table, b + 1, a), length(table, b, a + 1));
    }
  }
  return table;
}

function length(table: readonly (readonly number[])[], b: number, a: number): number {
  return table[b]?.[a] ?? 0;
}
