import { z } from 'zod';
import type { KubeClient } from '../kube/client.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Identity, Organization } from '../wire/organization.ts';
import { inputWords } from './input-words.ts';
import { namesIn, type NamesIn, type ParameterName, parameters } from './parameters.ts';
import { fieldErrors, type FieldError, invalid } from './refusal.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** What the API server is asked about the user (SubjectAccessReview), in the namespace that `:org` names. */
export interface Requirement {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete';
  readonly group: '' | 'batch' | 'dbt-jobs.io';
  readonly resource: 'cronjobs' | 'dbtprojects' | 'jobs' | 'pods' | 'secrets';
  readonly subresource?: 'log' | 'status';
  /** Of the object: with a colon what the path has there, else itself; absent: any object. */
  readonly name?: `:${ParameterName}` | (string & {});
}

/** All of them: there is no route of an organization without one. */
export type Requirements = readonly [Requirement, ...Requirement[]];

/** A path without an organization is for everybody, or for everybody who is known. */
export type AccessOf<Path extends string> =
  'org' extends NamesIn<Path> ? Requirements : 'anybody' | 'identified';
export type Access = 'anybody' | 'identified' | Requirements;

/** What every handler is given, whoever asks. */
export interface OpenContext {
  readonly log: Log;
  readonly now: () => number;
  /** Aborted when the reader has gone, or the server ends. */
  readonly signal: AbortSignal;
  /** Of the answer: a handler may add. */
  readonly headers: Headers;
  /** What the reader of server-sent events saw last. */
  readonly lastEventId: string | undefined;
}

export interface IdentifiedContext extends OpenContext {
  readonly identity: Identity;
}

/** The user may do what the route asks for, and `:org` is an organization. */
export interface OrganizationContext extends IdentifiedContext {
  readonly organization: Pick<Organization, 'name' | 'engine'>;
  readonly store: Store;
  /** As the control plane: to read, now that the user was found to be allowed to. */
  readonly kube: KubeClient;
  /** As the user: for everything that is written. */
  readonly asUser: KubeClient;
  /**
   * What was written, as `Job/nightly-1`, for the record of who did what; without it, the last part of the path that has a
   * name, as `job/nightly`.
   */
  readonly wrote: (object: string) => void;
}

export type ContextOf<A extends Access> = A extends Requirements
  ? OrganizationContext
  : A extends 'identified'
    ? IdentifiedContext
    : OpenContext;

export interface LiveEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface Download {
  /** Without a path. */
  readonly fileName: string;
  readonly chunks: AsyncIterable<string>;
}

export type Answer =
  | { readonly kind: 'json'; readonly status: 200 | 201 | 202; readonly schema: z.ZodType }
  /** 204. */
  | { readonly kind: 'nothing' }
  /** text/plain, to be kept as a file. */
  | { readonly kind: 'download' }
  /** Server-sent events, by their name. */
  | { readonly kind: 'events'; readonly schemas: Readonly<Record<string, z.ZodType>> };

export function json<S extends z.ZodType>(schema: S, status: 200 | 201 | 202 = 200) {
  return { kind: 'json', status, schema } as const;
}
export const nothing = { kind: 'nothing' } as const;
export const download = { kind: 'download' } as const;
export function events<S extends Readonly<Record<string, z.ZodType>>>(schemas: S) {
  return { kind: 'events', schemas } as const;
}

/** What the handler gives for it. JSON goes through the schema on its way out: what that does not name stays inside. */
export type Given<A extends Answer> = A extends { readonly kind: 'json'; readonly schema: infer S }
  ? z.input<S>
  : A extends { readonly kind: 'events' }
    ? AsyncIterable<LiveEvent>
    : A extends { readonly kind: 'download' }
      ? Download
      : undefined;

const noQuery = z.strictObject({});
const noBody = z.undefined();

export interface Definition<
  M extends Method,
  Path extends string,
  A extends AccessOf<Path>,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Said extends Answer,
> {
  readonly method: M;
  /** Below /api/v1. */
  readonly path: Path & (NamesIn<Path> extends ParameterName ? unknown : 'a parameter of parameters.ts');
  /** One sentence, for the API's document. */
  readonly summary: string;
  readonly access: A;
  /** Absent: any query is refused. */
  readonly query?: Query;
  /** JSON. Absent: a body is not read. */
  readonly body?: Body;
  readonly answer: Said;
  handle(input: Input<Path, Query, Body>, context: ContextOf<A>): Promise<Given<Said>>;
}

/** A write of an organization says what it is called in the record of who did what, as `run.cancel`. */
type ActionOf<Path extends string, M extends Method> =
  'org' extends NamesIn<Path>
    ? M extends 'get'
      ? { readonly action?: never }
      : { readonly action: `${string}.${string}` }
    : { readonly action?: never };

export interface Input<Path extends string, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params: Readonly<Record<NamesIn<Path>, string>>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
}

export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
}

interface RouteOf<A extends Access> {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly access: A;
  /** Of a write of an organization. */
  readonly action: string | undefined;
  readonly params: z.ZodType<Readonly<Record<string, string>>>;
  readonly query: z.ZodType;
  readonly body: z.ZodType | undefined;
  readonly said: Answer;
  /** Input that is right, as the handler's call. Throws a Refusal that names every field that is wrong. */
  read(raw: RawInput): (context: ContextOf<A>) => Promise<unknown>;
}

/** One of three by its access, whatever its types were: what a list of routes holds. */
export type Route = RouteOf<'anybody'> | RouteOf<'identified'> | RouteOf<Requirements>;

export function route<
  const M extends Method,
  const Path extends string,
  const A extends AccessOf<Path>,
  const Said extends Answer,
  Query extends z.ZodType = typeof noQuery,
  Body extends z.ZodType = typeof noBody,
>(definition: Definition<M, Path, A, Query, Body, Said> & ActionOf<Path, M>): RouteOf<A> {
  const { method, path, summary, access, answer: said } = definition;
  const params = paramsOf(path);
  const query = definition.query ?? noQuery;
  const body = definition.body ?? noBody;
  const input = z.object({ params, query, body });
  return {
    method,
    path,
    summary,
    access,
    action: definition.action,
    params,
    query,
    body: definition.body,
    said,
    read(raw) {
      const parsed = input.safeParse(raw, { error: inputWords });
      if (!parsed.success) throw invalid(fieldErrors(parsed.error).map(withoutPlace));
      // The schemas are the definition's: what they give out is what its handler takes, which no type can follow here.
      const read = parsed.data as unknown as Input<Path, Query, Body>;
      return (context) => definition.handle(read, context);
    },
  };
}

function paramsOf(path: string) {
  const known: Readonly<Record<string, z.ZodType<string>>> = parameters;
  return z.object(Object.fromEntries(namesIn(path).map((name) => [name, known[name] ?? z.never()])));
}

/** The reader sees a field of what was sent, not of how the server sorts it. */
function withoutPlace({ field, message }: FieldError): FieldError {
  return { field: field.replace(/^(params|query|body)\.?/, ''), message };
}
