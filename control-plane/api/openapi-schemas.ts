import { z } from 'zod';
import * as job from '../wire/job.ts';
import * as live from '../wire/live.ts';
import * as log from '../wire/log.ts';
import * as organization from '../wire/organization.ts';
import * as plan from '../wire/plan.ts';
import * as problem from '../wire/problem.ts';
import * as project from '../wire/project.ts';
import * as run from '../wire/run.ts';
import * as slack from '../wire/slack.ts';

/** Every schema of wire/ under its own name; what an answer holds of them is named in the document. */
const named = z.registry<{ id: string }>();
for (const topic of [job, live, log, organization, plan, problem, project, run, slack]) {
  for (const [name, schema] of Object.entries(topic))
    if (schema instanceof z.ZodType)
      named.add(schema, { id: name.replace(/^./, (first) => first.toUpperCase()) });
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** What is sent to the server: in place, since defaults make it differ from the answer of the same name. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    metadata: none,
    override: plain,
  });
  delete made.$schema;
  return made;
}

export interface Answers {
  /** A reference into the components, where the schema has a name. */
  of(schema: z.ZodType): JsonSchema;
  /** All that were asked for, with what they refer to. */
  readonly components: Record<string, unknown>;
}

const components = '#/components/schemas/';

export function answerSchemas(): Answers {
  const found: Record<string, unknown> = {};
  return {
    components: found,
    of(schema) {
      const { $defs = {}, ...made } = z.toJSONSchema(schema, {
        io: 'output',
        metadata: named,
        override: open,
      });
      Object.assign(found, moved($defs));
      delete made.$schema;
      return moved(made);
    },
  };
}

const none = z.registry<{ id: string }>();

/** References lead to where OpenAPI keeps schemas. */
function moved<V extends object>(value: V): V {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key === 'id' && typeof inner === 'string' ? undefined : inner,
  );
  return JSON.parse(text.replaceAll('"#/$defs/', `"${components}`)) as V;
}

interface Overridden {
  readonly jsonSchema: Record<string, unknown>;
}

/** Bounds and patterns that say no more than `integer` and `date-time` do. */
function plain({ jsonSchema }: Overridden): void {
  if (jsonSchema['format'] === 'date-time') delete jsonSchema['pattern'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
}

/** An answer may gain a field in a later version. */
function open(given: Overridden): void {
  plain(given);
  if (given.jsonSchema['additionalProperties'] === false) delete given.jsonSchema['additionalProperties'];
}
