import { denial } from '../../contract/problems.ts';
import { keepsCanary, withoutCanary } from './canary.ts';
import { differences } from './difference.ts';
import type { Admission, Stage } from './engines/engine.ts';
import { handedOn } from './handed-on.ts';
import type { Json } from './json.ts';
import { changeAt, without } from './json.ts';
import { lostFields } from './lost-fields.ts';
import { labelOf } from './projects-of-case.ts';
import type { Case } from './read-cases.ts';

/** What was seen of one case on one engine. Objects are compared through `comparable`. */
export interface Seen {
  readonly stage: Stage;
  /** Namespace of the case, as a denial names it. */
  readonly namespace: string;
  readonly comparable: (object: Json) => Json;
  readonly sent: Json;
  readonly first: Admission;
  /** What the surroundings alone make of the object that is expected; absent where none is. */
  readonly reference?: Admission;
  /** The first result, sent again. */
  readonly again?: Admission;
  /** The same object without the project's label: with the engine, and without it. */
  readonly twin?: { readonly first: Admission; readonly reference: Admission };
}

/** Every way in which the engine did not do what the case says; empty where it did. */
export function judge(asked: Case, seen: Seen): readonly string[] {
  return [
    ...judgeVerdict(asked, seen),
    ...judgeObject(asked, seen),
    ...judgeWarnings(asked, seen),
    ...judgeAgain(asked, seen),
    ...judgeTwin(asked, seen),
  ];
}

/** As `judge`, of an UPDATE: the object is as the user asked, whatever it says of a project. */
export function judgeUpdate(
  asked: Case,
  seen: Pick<Seen, 'stage' | 'namespace' | 'comparable' | 'first'> & { readonly asked: Json },
): readonly string[] {
  const { comparable, first } = seen;
  return [
    ...judgeVerdict(asked, { ...seen, sent: seen.asked }),
    ...(first.object === undefined ? [] : differences(comparable(seen.asked), comparable(first.object))),
    ...judgeWarnings(asked, { ...seen, sent: seen.asked }),
  ];
}

/** The object that is to come of the case, before the surroundings add to it. */
export function expectedObject(asked: Case): Json {
  return asked.expected ?? (asked.expect === 'denied' ? handedOn(asked) : asked.object);
}

function denialText(asked: Case, namespace: string): string {
  return denial(labelOf(asked, asked.object) ?? '', namespace, asked.problems);
}

function judgeVerdict(asked: Case, { stage, namespace, first }: Seen): readonly string[] {
  const refused = stage === 'server' ? asked.refusedByServer : undefined;
  const denied = asked.expect === 'denied' && stage !== 'webhook' && refused === undefined;
  const expected = denied ? denialText(asked, namespace) : undefined;
  return [
    ...differences(expected, first.denied).map((line) => line.replace('the object', 'the denial')),
    ...(refused === undefined && first.refused !== undefined
      ? [`the API server refused it: ${first.refused}`]
      : []),
    ...(refused !== undefined && first.refused?.includes(refused) !== true
      ? [`the API server was to refuse it with "${refused}", but ${first.refused ?? 'admitted it'}`]
      : []),
  ];
}

function judgeObject(asked: Case, seen: Seen): readonly string[] {
  const { stage, comparable, sent, first, reference } = seen;
  const { object } = first;
  if (object === undefined) return [];
  if (asked.refusedByServer !== undefined && stage === 'server') return [];
  const kept = keepsCanary(asked, sent, object) ? [] : ['a label of the user is gone'];
  const result = withoutCanary(asked, object);
  if (reference?.object === undefined)
    return [
      ...kept,
      `there is nothing to compare with: ${reference?.denied ?? reference?.refused ?? 'no object came back'}`,
    ];
  const expected = withoutCanary(asked, reference.object);
  return [
    ...kept,
    ...differences(comparable(expected), comparable(result)),
    ...lostFields(usersObject(asked, seen), comparable(result)).map(
      (path) => `${path} of the user is lost or changed`,
    ),
  ];
}

/** As the user sent it; on a server as that writes it, which may say 0.1 as 100m, and labels a Job like its template. */
function usersObject(asked: Case, { stage, comparable, twin }: Seen): Json {
  if (stage !== 'server') return asked.object;
  const object = twin?.reference.object;
  if (object === undefined) return {};
  const written = comparable(withoutCanary(asked, object));
  return asked.kind === 'Job'
    ? changeAt(written, ['metadata'], (metadata) => without(metadata, 'labels'))
    : written;
}

/** A denied object's warnings are not ours to demand: the API server sends them or not. */
function judgeWarnings(asked: Case, { stage, namespace, first }: Seen): readonly string[] {
  if (stage === 'webhook' || asked.expect === 'denied' || asked.refusedByServer !== undefined) return [];
  const ahead = asked.problems.length > 0 ? [denialText(asked, namespace)] : [];
  const expected = stage === 'server' ? [...ahead, ...asked.warnings] : ahead;
  return differences([...expected].sort(), [...first.warnings].sort()).map((line) => `warning ${line}`);
}

function judgeAgain(asked: Case, { comparable, first, again }: Seen): readonly string[] {
  if (again === undefined || first.object === undefined) return [];
  if (again.object === undefined)
    return [`sent again: ${again.denied ?? again.refused ?? 'no object came back'}`];
  const [before, after] = [first.object, again.object].map((object) =>
    comparable(withoutCanary(asked, object)),
  );
  return differences(before, after).map((line) => `sent again: ${line}`);
}

function judgeTwin(asked: Case, { comparable, twin }: Seen): readonly string[] {
  if (twin === undefined) return [];
  const [expected, got] = [twin.reference, twin.first].map(({ object, denied, refused, warnings }) => ({
    object: object === undefined ? undefined : comparable(withoutCanary(asked, object)),
    denied,
    refused: refused !== undefined,
    warnings,
  }));
  return differences(expected, got).map((line) => `its unlabelled twin: ${line}`);
}
