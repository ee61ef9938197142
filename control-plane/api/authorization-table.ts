import type { Access, Route } from './route.ts';
import { rightOf } from './rights.ts';

const head = [
  '# Who may do what',
  '',
  'Made from the routes by `make api`. A route asks the API server, by a SubjectAccessReview in the namespace of the',
  'organization, whether the user may do what stands here; a write is then made as the user, and decided again. What was',
  'written is kept under the word on the right, with the user and the time.',
  '',
  '| Route, below `/api/v1` | Asks for | Kept as |',
  '|---|---|---|',
];

/** control-plane/AUTHORIZATION.md. */
export function authorizationTable(routes: readonly Route[]): string {
  const rows = routes.map(
    ({ method, path, access, action }) =>
      `| \`${method.toUpperCase()} ${path}\` | ${rightsOf(access)} | ${action === undefined ? '' : `\`${action}\``} |`,
  );
  return `${[...head, ...rows].join('\n')}\n`;
}

function rightsOf(access: Access): string {
  if (access === 'anybody') return 'nothing';
  if (access === 'identified') return 'a known user';
  return access.map((requirement) => `\`${rightOf(requirement)}\``).join(' and ');
}
