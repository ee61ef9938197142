import express, { type Express } from 'express';
import helmet from 'helmet';
import { Refusal } from './refusal.ts';
import type { Route } from './route.ts';
import { openApiOf } from './openapi.ts';
import { type RouteShell, serveRoute } from './serve-route.ts';
import { sendRefusal } from './send-answer.ts';

export const apiPath = '/api/v1';

/** The API below /api/v1; whatever else is below /api does not exist. */
export function createApp(routes: readonly Route[], shell: RouteShell): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(helmet());
  const paths = new Map<string, Set<string>>();
  for (const route of routes) {
    const path = apiPath + route.path;
    app[route.method](path, serveRoute(route, shell));
    paths.set(path, (paths.get(path) ?? new Set()).add(route.method.toUpperCase()));
  }
  const document = openApiOf(routes);
  app.get('/api/openapi.json', (_req, res) => res.json(document));
  for (const [path, methods] of paths) {
    const allow = [...methods].join(', ');
    app.all(path, (_req, res) =>
      sendRefusal(res, new Refusal({ status: 405, title: `This address takes ${allow}` }, { Allow: allow })),
    );
  }
  app.use('/api', (_req, res) =>
    sendRefusal(res, new Refusal({ status: 404, title: 'There is no such address in this API' })),
  );
  return app;
}
