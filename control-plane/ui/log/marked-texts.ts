import { styledTexts } from '../words/ansi.ts';
import type { StyledText } from '../words/ansi.ts';

/** A piece of a line that is drawn in one way. */
export interface MarkedText extends StyledText {
  /** Is part of what is searched for. */
  readonly found: boolean;
}

/** A line of a megabyte would hold the browser up; it can be downloaded whole. */
const shownCharacters = 8_000;

export interface ShownLine {
  readonly pieces: readonly MarkedText[];
  /** Characters that are not shown. */
  readonly cut: number;
}

/** What is drawn of a line: its colours, and what is searched for, whatever its case and whatever the colours. */
export function shownLine(line: string, searched: string): ShownLine {
  const cut = Math.max(0, line.length - shownCharacters);
  const pieces = styledTexts(cut === 0 ? line : line.slice(0, shownCharacters));
  const found = searched === '' ? [] : findAll(pieces.map(({ text }) => text).join(''), searched);
  return { pieces: found.length === 0 ? pieces.map(unfound) : split(pieces, found), cut };
}

const unfound = (piece: StyledText): MarkedText => ({ ...piece, found: false });

interface Span {
  readonly from: number;
  readonly to: number;
}

function findAll(text: string, searched: string): readonly Span[] {
  const pattern = new RegExp(searched.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
  return [...text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
}

function split(pieces: readonly StyledText[], spans: readonly Span[]): readonly MarkedText[] {
  const edges = [...new Set(spans.flatMap(({ from, to }) => [from, to]))];
  let start = 0;
  return pieces.flatMap((piece) => {
    const from = start;
    start += piece.text.length;
    const cuts = [from, ...edges.filter((edge) => edge > from && edge < start), start];
    return cuts.slice(0, -1).map((cut, index) => ({
      text: piece.text.slice(cut - from, (cuts[index + 1] ?? start) - from),
      classes: piece.classes,
      found: spans.some((span) => span.from <= cut && cut < span.to),
    }));
  });
}
