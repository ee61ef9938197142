/** Words as a shell would take them: parted by white space, held together by quotes. An open quote reaches to the end. */
export function splitWords(text: string): readonly string[] {
  const words = text.matchAll(/(?:[^\s"']|"[^"]*(?:"|$)|'[^']*(?:'|$))+/g);
  return [...words].map(([word]) =>
    word.replace(/"([^"]*)(?:"|$)|'([^']*)(?:'|$)/g, (_, double, single) => unquoted(double, single)),
  );
}

function unquoted(double: unknown, single: unknown): string {
  return typeof double === 'string' ? double : typeof single === 'string' ? single : '';
}

/** Words in one text that `splitWords` takes apart again. */
export function joinWords(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** A word as one would write it for a shell; without quotes where none are needed. */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./*~^-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
