import { z } from 'zod';

/** Of a container, as the API has them. */
export const rawWords = {
  command: z.array(z.string()).nullish(),
  args: z.array(z.string()).nullish(),
};

/** A command is shown, never run: ten thousand of them must stay small. */
const mostWords = 64;
const mostCharacters = 2048;
const none: readonly string[] = [];

/** `command` and `args` in one list, without what is too much; what was cut off leaves `…`. */
export function boundedWords(
  command: readonly string[] | null | undefined,
  args: readonly string[] | null | undefined,
): readonly string[] {
  const all = [...(command ?? []), ...(args ?? [])];
  if (all.length === 0) return none;
  const words: string[] = [];
  let room = mostCharacters;
  for (const word of all) {
    if (words.length === mostWords - 1 || word.length > room) return [...words, `${word.slice(0, room)}…`];
    words.push(word);
    room -= word.length;
  }
  return words;
}
