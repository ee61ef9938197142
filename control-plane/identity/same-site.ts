import type { IncomingMessage } from 'node:http';
import { Refusal } from '../api/refusal.ts';

/**
 * Refuses a write that another site's page had the browser send. Browsers say where a request comes from: Sec-Fetch-Site,
 * and those before 2023 at least Origin; neither is there only where no browser asks. The rule is that of Go's
 * net/http.CrossOriginProtection. `origin` is ours as the browser knows it; without it, what the request says it came to.
 */
export function refuseCrossSite(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  origin: string | undefined,
): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  if (site === undefined && (headers.origin === undefined || isOurs(headers.origin, headers.host, origin)))
    return;
  throw new Refusal({
    status: 403,
    title: 'The request comes from a page of another site',
    detail: 'Only pages of this address may write with your session.',
  });
}

function isOurs(said: string, host: string | undefined, origin: string | undefined): boolean {
  if (origin !== undefined) return said === origin;
  return URL.canParse(said) && host !== undefined && new URL(said).host === host;
}
