/** A piece of a line and the classes that its colours and weight ask for; the text holds no control character but tabs and line feeds. */
export interface StyledText {
  readonly text: string;
  readonly classes: readonly string[];
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

interface Style {
  readonly colour?: string;
  readonly bold?: true;
  readonly faint?: true;
}

/**
 * Every escape sequence that a terminal would take (ECMA-48): control strings (OSC, DCS, …) with what they hold, control
 * sequences, two-character escapes, and the same in their 8-bit forms. Only SGR, a control sequence that ends with `m`, is heeded.
 */
const sequence =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)([0-9:;<=>?]*)[ -/]*([@-~])?|\u001b[ -/]*[0-~]?/g;

/**
 * Characters that show nothing or change the order of what is read: C0 and C1 controls, and the bidirectional controls
 * by which a line could be made to say something else (CVE-2021-42574).
 */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Splits a line by its SGR sequences; whatever else a terminal would act on is taken out. */
export function styledTexts(line: string): readonly StyledText[] {
  const pieces: StyledText[] = [];
  let style: Style = {};
  let from = 0;
  const push = (raw: string): void => {
    const text = raw.replace(unseen, '');
    if (text !== '') pieces.push({ text, classes: classesOf(style) });
  };
  for (const match of line.matchAll(sequence)) {
    push(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = restyled(style, match[1] ?? '');
  }
  push(line.slice(from));
  return pieces;
}

/** The line without any of it. */
export function plainText(line: string): string {
  return styledTexts(line)
    .map(({ text }) => text)
    .join('');
}

function classesOf({ colour, bold, faint }: Style): readonly string[] {
  return [
    ...(colour === undefined ? [] : [`ansi-${colour}`]),
    ...(bold === true ? ['ansi-bold'] : []),
    ...(faint === true ? ['ansi-faint'] : []),
  ];
}

function restyled(style: Style, parameters: string): Style {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    // 38;5;n and 38;2;r;g;b choose from 256 and from 16 million colours: the numbers that follow are no codes.
    if (code === 38 || code === 48) index += codes[index + 1] === 2 ? 4 : 2;
    else next = afterCode(next, code);
  }
  return next;
}

function afterCode(style: Style, code: number): Style {
  const { colour, ...weight } = style;
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, faint: true };
  if (code === 22) return colour === undefined ? {} : { colour };
  if (code === 39) return weight;
  const named = colours[code >= 90 ? code - 90 : code - 30];
  return named === undefined ? style : { ...style, colour: named };
}
