const hidden = '***';
const names =
  'password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?';
/** Quotes stay, so that JSON stays JSON: plain ones, and those of JSON within JSON. */
const values = [
  String.raw`(")(?:[^"\\\n]|\\.){0,8192}"?`,
  String.raw`(')(?:[^'\\\n]|\\.){0,8192}'?`,
  String.raw`(\\{1,3}")[^"\n]{0,8192}"?`,
  String.raw`[^\s,;&"'}\\]{1,512}`,
];
const named = new RegExp(
  String.raw`((?:${names})\\{0,3}["']?\s{0,3}[=:]\s{0,3})(?:${values.join('|')})`,
  'gi',
);

/** Shapes of secrets as they stand in logs; each expression is linear in the text. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"']{1,512}@/gi, `$1${hidden}@`],
  [named, `$1$2$3$4${hidden}$2$3$4`],
  // As a word of a command: `--password x`.
  [
    new RegExp(String.raw`((?:^|\s)-{1,2}[\w-]{0,30}(?:${names})\s{1,3})(?!-)[^\s"']{1,512}`, 'gi'),
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

const secretFlag = new RegExp(String.raw`^-{1,2}[\w-]{0,30}(?:${names})$`, 'i');

/** The words of a command, each redacted, and hidden where the word before is a flag that asks for a secret. */
export function redactWords(words: readonly string[]): string[] {
  return words.map((word, index) => (secretFlag.test(words[index - 1] ?? '') ? hidden : redact(word)));
}
