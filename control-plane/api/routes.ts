import { identityRoutes, type SessionShell } from '../identity/routes.ts';
import { healthRoutes, type HealthShell } from '../organizations/health.ts';
import { organizationRoutes, type OrganizationsShell } from '../organizations/routes.ts';
import { jobRoutes } from '../jobs/routes.ts';
import { liveRoutes } from '../live/routes.ts';
import { planRoutes } from '../plans/routes.ts';
import { projectRoutes } from '../projects/routes.ts';
import { scheduleRoutes } from '../schedule/routes.ts';
import { slackRoutes } from '../slack/routes.ts';
import type { ConnectSlack } from '../slack/slack-client.ts';
import type { Route } from './route.ts';

export interface RoutesShell extends SessionShell, HealthShell, OrganizationsShell {
  readonly connectSlack: ConnectSlack;
}

/** All of the API below /api/v1. */
export function routesOf(shell: RoutesShell): readonly Route[] {
  return [
    ...identityRoutes(shell),
    ...healthRoutes(shell),
    ...organizationRoutes(shell),
    ...projectRoutes,
    ...planRoutes,
    ...jobRoutes,
    ...scheduleRoutes,
    ...liveRoutes,
    ...slackRoutes(shell.connectSlack),
  ];
}
