import { authorizationTable } from './authorization-table.ts';
import { describedRoutes } from './described-routes.ts';
import { openApiOf } from './openapi.ts';

/** The committed files that are made from the routes, by their place below control-plane/. */
export function documents(): Readonly<Record<string, string>> {
  return {
    'AUTHORIZATION.md': authorizationTable(describedRoutes),
    'openapi.json': `${JSON.stringify(openApiOf(describedRoutes), undefined, 2)}\n`,
  };
}
