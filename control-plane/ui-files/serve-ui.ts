import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Encoding, UiFile, UiFiles } from './read-ui-files.ts';

/** The pages run their own files and talk to their own server, and nothing else: no inline script or style, no frame around them. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the UI: its files by their paths, and for the address of any page index.html, which finds the page. */
export function serveUi(files: UiFiles): Router {
  const router = Router();
  const serve: RequestHandler = (req, res, next) => {
    const file = files.get(req.path) ?? (isPage(req.path) ? files.get('/index.html') : undefined);
    if (file === undefined) next();
    else send(res, file, encodingOf(req));
  };
  router.get(/^\/(?!api(?:\/|$))/, serve);
  return router;
}

/** A missing file shall not be answered with a page: a browser would run it. */
function isPage(path: string): boolean {
  return !path.startsWith('/assets/');
}

/** The smallest that the browser takes; browsers name gzip first and mean nothing by it. */
function encodingOf(req: Request): Encoding {
  const encodings = ['br', 'gzip'] as const;
  return encodings.find((encoding) => req.acceptsEncodings(encoding) !== false) ?? 'identity';
}

function send(res: Response, { type, body, immutable }: UiFile, encoding: Encoding): void {
  res.set({
    'Content-Type': type,
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
  });
  if (encoding !== 'identity') res.set('Content-Encoding', encoding);
  res.end(body[encoding]);
}
