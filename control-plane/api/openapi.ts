import { z } from 'zod';
import { problem } from '../wire/problem.ts';
import { type Answers, answerSchemas, inputSchema } from './openapi-schemas.ts';
import { namesIn, type ParameterName, parameters } from './parameters.ts';
import type { Access, Route } from './route.ts';
import { apiPath } from './server.ts';
import { rightOf } from './rights.ts';

/** The OpenAPI document of the routes, as an object for JSON. */
export function openApiOf(routes: readonly Route[]): object {
  const answers = answerSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = apiPath + route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, answers) };
  }
  const refusal = answers.of(problem);
  return {
    openapi: '3.1.1',
    info: { title: 'dbt Jobs on Kubernetes', version: 'v1', description: about },
    paths,
    components: {
      schemas: sorted(answers.components),
      responses: {
        Problem: {
          description: 'Refused: everything that is wrong, at once (RFC 9457).',
          content: { 'application/problem+json': { schema: refusal } },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of the cluster.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-dbt-jobs',
          description: 'What POST /session sets.',
        },
      },
    },
  };
}

const about =
  'Jobs are labelled CronJobs and runs are Jobs: the cluster is asked whether a user may do what a route does, and each write is the user’s own. A write by a session has to come from a page of the same origin.';

function operation(route: Route, answers: Answers): object {
  const { method, path, summary, access, body } = route;
  const asked = [...pathParameters(path), ...queryParameters(route.query)];
  return {
    operationId: operationId(method, path),
    summary,
    ...(access !== 'anybody' && { security: [{ token: [] }, { session: [] }] }),
    ...rightsOf(access),
    ...(asked.length > 0 && { parameters: asked }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: inputSchema(body) } } },
    }),
    responses: { ...success(route, answers), default: { $ref: '#/components/responses/Problem' } },
  };
}

/** `getOrganizationsOrgProjects`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[/:]+/).filter((word) => word !== '');
  return method + words.map((word) => word.replace(/^./, (first) => first.toUpperCase())).join('');
}

function rightsOf(access: Access): object {
  return typeof access === 'string' ? {} : { 'x-kubernetes-access': access.map(rightOf) };
}

function pathParameters(path: string): readonly object[] {
  const known: Readonly<Record<string, z.ZodType>> = parameters satisfies Record<ParameterName, z.ZodType>;
  return namesIn(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: inputSchema(known[name] ?? z.never()),
  }));
}

const queryShape = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

function queryParameters(query: z.ZodType): readonly object[] {
  const { properties, required } = queryShape.parse(inputSchema(query));
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function success({ said }: Route, answers: Answers): object {
  switch (said.kind) {
    case 'json':
      return answer(said.status, 'Done.', 'application/json', answers.of(said.schema));
    case 'nothing':
      return { 204: { description: 'Done.' } };
    case 'download':
      return answer(200, 'The whole text, as a file.', 'text/plain', { type: 'string' });
    case 'events': {
      const names = Object.entries(said.schemas).map(([event, schema]) => ({
        event,
        data: answers.of(schema),
      }));
      return {
        200: {
          description: 'Server-sent events; send the id of the last in Last-Event-ID to go on behind it.',
          content: { 'text/event-stream': { schema: { type: 'string' }, 'x-events': names } },
        },
      };
    }
  }
}

function answer(status: number, description: string, type: string, schema: object): object {
  return { [status]: { description, content: { [type]: { schema } } } };
}

function sorted(entries: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(entries).toSorted(([one], [other]) => one.localeCompare(other)));
}
