import { redact } from '../report/redact.ts';

/** Every shape of a secret holds one of these; most lines hold none, and cost no more than this. */
const suspicious =
  /pass|pwd|secret|token|key|credential|bearer|basic|:\/\/|gh[pousr]_|github_pat_|glpat-|xox|dapi|AKIA|ASIA|eyJ|-----/i;
/** More lines than a private key has: a log must not vanish behind a header without an end. */
const mostHiddenLines = 200;
const beginning = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/;
const ending = /-----END [A-Z ]{0,30}PRIVATE KEY-----/;

/**
 * Lines as they may be stored and sent: without what looks like a secret, also where it stands on several lines, and
 * without NUL, which databases refuse. What was no UTF-8 is U+FFFD already.
 */
export function createSafeText(): (line: string) => string {
  let hidden = 0;
  return (line) => {
    const text = line.includes('\0') ? line.replaceAll('\0', '\uFFFD') : line;
    if (hidden > 0) {
      hidden = ending.test(text) ? 0 : hidden - 1;
      return '***';
    }
    if (!suspicious.test(text)) return text;
    if (beginning.test(text) && !ending.test(text)) hidden = mostHiddenLines;
    return redact(text);
  };
}
