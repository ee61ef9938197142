import { json as jsonBody, type Request, type RequestHandler, type Response } from 'express';
import type { Kube } from '../kube/client.ts';
import type { Log } from '../log.ts';
import type { AuditEntry, Store } from '../store/store.ts';
import type { Identity } from '../wire/organization.ts';
import { permit, type PermitShell } from './permit.ts';
import { refusalOf, unexpected } from './problem-of.ts';
import { fieldErrors, invalid, Refusal } from './refusal.ts';
import type { IdentifiedContext, OpenContext, OrganizationContext, Requirements, Route } from './route.ts';
import { sendAnswer, sendRefusal } from './send-answer.ts';
import type { SendEvents } from './send-events.ts';

export interface RouteShell extends PermitShell {
  readonly kube: Kube;
  readonly store: Store;
  readonly log: Log;
  now(): number;
  /** Throws a Refusal of 401 for who cannot be known, KubeError where nobody can be asked. */
  authenticate(req: Request): Promise<Identity>;
  /** Throws a Refusal of 403 for a write that another site's page sent; `authenticate` sees to it where it is asked. */
  refuseCrossSite(req: Request): void;
  readonly sendEvents: SendEvents;
  /** After so long what is live ends, and is asked for anew. */
  readonly longestLiveMs: number;
  /** Aborted when the process is to end: what is live ends then. */
  readonly stopping: AbortSignal;
}

type Params = Readonly<Record<string, string>>;
type OrganizationRoute = Extract<Route, { readonly access: Requirements }>;

/** No honest body comes near: the longest field, the variables of a command, is 10,000 characters. */
const bodyLimit = '128kb';
const parseBody: RequestHandler = jsonBody({ limit: bodyLimit });

/** Authentication → leave → query and body → handler → answer, in this order; each refusal as a problem. */
export function serveRoute(route: Route, shell: RouteShell): RequestHandler {
  return async (req, res) => {
    try {
      await serve(route, shell, req, res);
    } catch (error) {
      const refusal = refusalOf(error) ?? unexpected;
      if (refusal.problem.status >= 500)
        shell.log.error({ err: error, path: route.path }, 'Could not answer');
      if (res.headersSent) res.destroy();
      else sendRefusal(res, refusal);
    }
  };
}

async function serve(route: Route, shell: RouteShell, req: Request, res: Response): Promise<void> {
  const open = openContext(route, shell, req, res);
  const answer = async (called: Promise<unknown>): Promise<void> => {
    const given = await called;
    res.setHeaders(open.headers);
    await sendAnswer(res, route.said, given, { signal: open.signal, sendEvents: shell.sendEvents });
  };
  if (isOpen(route)) {
    shell.refuseCrossSite(req);
    await answer(route.read({ params: {}, query: req.query, body: await readBody(route, req, res) })(open));
    return;
  }
  const identified = { ...open, identity: await shell.authenticate(req) };
  const params = readParams(route, req);
  if (isOfOrganization(route)) {
    const context = await organizationContext(route, shell, identified, params);
    await answer(
      writing(
        route,
        shell,
        params,
        context,
      )(async (written) =>
        route.read({ params, query: req.query, body: await readBody(route, req, res) })(written),
      ),
    );
  } else {
    await answer(route.read({ params, query: req.query, body: await readBody(route, req, res) })(identified));
  }
}

function isOpen(route: Route): route is Extract<Route, { readonly access: 'anybody' }> {
  return route.access === 'anybody';
}

function isOfOrganization(route: Route): route is OrganizationRoute {
  return typeof route.access !== 'string';
}

function openContext(route: Route, shell: RouteShell, req: Request, res: Response): OpenContext {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  return {
    log: shell.log,
    now: () => shell.now(),
    signal: AbortSignal.any([
      gone.signal,
      shell.stopping,
      ...(route.said.kind === 'events' ? [AbortSignal.timeout(shell.longestLiveMs)] : []),
    ]),
    headers: new Headers({ 'Cache-Control': 'no-store' }),
    lastEventId: req.get('Last-Event-ID'),
  };
}

type Quiet = Omit<OrganizationContext, 'wrote'>;

async function organizationContext(
  route: OrganizationRoute,
  shell: RouteShell,
  context: IdentifiedContext,
  params: Params,
): Promise<Quiet> {
  const organization = await permit(route.access, shell, context.identity, params);
  const { kube, store } = shell;
  return { ...context, organization, kube, store, asUser: kube.as(context.identity) };
}

/** Runs the handler and keeps what it did. An entry that cannot be kept is logged: the deed is done, and so told. */
function writing(route: OrganizationRoute, shell: RouteShell, params: Params, context: Quiet) {
  return async (handle: (context: OrganizationContext) => Promise<unknown>): Promise<unknown> => {
    let object = (Object.entries(params).at(-1) ?? []).join('/');
    const given = await handle({ ...context, wrote: (written) => void (object = written) });
    if (route.action === undefined) return given;
    const entry: AuditEntry = {
      at: new Date(shell.now()).toISOString(),
      namespace: context.organization.name,
      ...(params['project'] !== undefined && { project: params['project'] }),
      user: context.identity.user,
      action: route.action,
      object,
    };
    await shell.store.audit
      .record(entry)
      .catch((err: unknown) => shell.log.error({ err, ...entry }, 'Could not keep who did what'));
    return given;
  };
}

function readParams(route: Route, req: Request): Params {
  const parsed = route.params.safeParse(req.params);
  if (!parsed.success) throw invalid(fieldErrors(parsed.error));
  return parsed.data;
}

async function readBody(route: Route, req: Request, res: Response): Promise<unknown> {
  if (route.body === undefined) return undefined;
  if (req.is('application/json') === false) {
    const detail = 'Send Content-Type: application/json.';
    throw new Refusal({ status: 415, title: 'The body must be JSON', detail });
  }
  await new Promise<void>((resolve, reject) =>
    parseBody(req, res, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the body cannot be read', { cause: error }));
    }),
  );
  const body: unknown = req.body;
  return body;
}
