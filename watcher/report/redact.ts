const hidden = '***';

/** Shapes of secrets as they stand in logs; each expression is linear in the text. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"']{1,512}@/gi, `$1${hidden}@`],
  [
    /((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)["']?\s{0,3}[=:]\s{0,3})(?:"[^"\n]{0,512}"|'[^'\n]{0,512}'|[^\s,;&"'}]{1,512})/gi,
    `$1${hidden}`,
  ],
  [/\b((?:bearer|basic)\s{1,3})[A-Za-z0-9._~+/=-]{8,4096}/gi, `$1${hidden}`],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|dapi|AKIA|ASIA)[A-Za-z0-9_-]{10,255}/g, hidden],
  [/\beyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,4096}(?:\.[A-Za-z0-9_-]{0,2048})?/g, hidden],
  [
    /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8192}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    hidden,
  ],
];

/** The text without what looks like a secret: the watcher cannot read the Secrets, so it goes by shape. */
export function redact(text: string): string {
  return shapes.reduce((rest, [shape, instead]) => rest.replace(shape, instead), text);
}
