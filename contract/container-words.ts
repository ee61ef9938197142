/**
 * Kubernetes expands `$(NAME)` in a container's command and args from its environment, and `$$` to `$`: a word that is to
 * reach the program as it is written has its `$` doubled, or it could take a credential into a command line.
 */
export function literalWord(word: string): string {
  return word.replaceAll('$', '$$$$');
}

/** What the program is given for a word; undefined where a part comes from the environment. */
export function givenWord(word: string): string | undefined {
  if (/^(?:[^$]|\$\$|\$(?![($]))*$/.exec(word) === null) return undefined;
  return word.replaceAll('$$', '$');
}

/** The words of a container as a person reads them; a reference to the environment stays as it is written. */
export function shownWords(words: readonly string[]): string[] {
  return words.map((word) => givenWord(word) ?? word);
}
