import { engines } from '../../../contract/names.ts';
import type { Json } from '../json.ts';
import type { Case } from '../read-cases.ts';

/** In the order in which they run: what fails in the first will fail in the others too. */
export const engineNames = ['core', 'http', ...engines] as const;
export type EngineName = (typeof engineNames)[number];

/** What became of a request. */
export interface Admission {
  /** As it is stored, or handed on to the backstop; absent where only a denial came back. */
  readonly object?: Json;
  /** Our denial, without the prefix of whoever shows it. */
  readonly denied?: string;
  /** A refusal of the API server's own. */
  readonly refused?: string;
  /** Ours, without their prefix. */
  readonly warnings: readonly string[];
}

export type How = 'dry run' | 'stored';

/** What of a request an engine lets see. */
export type Stage =
  /** The pure functions: object and problems, but none of what only the backstop says. */
  | 'functions'
  /** The webhook's answer: the object, before anybody denies. */
  | 'webhook'
  /** A whole API server: what is stored, or the denial. */
  | 'server';

/** Whatever turns a submitted object into an admitted one. Objects are as cases record them, whatever the engine has to replace. */
export interface Engine {
  readonly name: string;
  readonly stage: Stage;
  /** Makes ready for these cases, or says why this engine cannot be had here; throws where it is here and does not work. */
  prepare(cases: readonly Case[]): Promise<{ readonly notRun: string } | undefined>;
  /** Why it is never asked about this case; undefined where it is. */
  notAsked(asked: Case): string | undefined;
  /** The namespace of the case, as a denial names it. */
  namespaceOf(asked: Case): string;
  /** Admits `object` where the case is: its own, or another made from it. Nothing that is stored stays. */
  admit(asked: Case, object: Json, how: How): Promise<Admission>;
  /** What the surroundings alone make of `expected`, with no engine in charge, where `sent` was sent. */
  reference(asked: Case, sent: Json, expected: Json): Promise<Admission>;
  /** Sends the case's update of its object; `asked` is the object that should come of it. */
  update(asked: Case): Promise<Admission & { readonly asked: Json }>;
  /** The object as it is compared: without what has no order of its own. */
  comparable(object: Json): Json;
  /** All that was logged since `prepare`, wherever that can be read: by the engine, and in audit records. */
  logs(): Promise<{ readonly engine: string; readonly audit: string }>;
  close(): Promise<void>;
}
