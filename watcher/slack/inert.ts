/** U+2060, which shows nothing: "@here" with it is no mention. */
const wordJoiner = '\u2060';

/**
 * Text of a user as mrkdwn that means nothing to Slack: `&`, `<` and `>` escaped as its documentation asks, `@` broken, and
 * backticks replaced, since they could end a block of code. At most so many characters, never half an escape.
 */
export function inert(text: string, most: number): string {
  const parts: string[] = [];
  let length = 0;
  for (const character of text.replaceAll(/\p{Cc}+/gu, ' ')) {
    const part = replacements[character] ?? character;
    if (length + part.length > most - 1) return `${parts.join('')}…`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': `@${wordJoiner}`,
  '`': 'ˋ',
};
