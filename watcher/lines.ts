/** Lines of a text that comes in pieces, in linear time. */
export interface LineSplitter {
  push(chunk: string): string[];
  /** What stood after the last line feed. */
  rest(): string | undefined;
}

/** A line above `maxLength` characters is cut there, and the rest of it is dropped: memory stays bounded. */
export function createLineSplitter(maxLength: number): LineSplitter {
  let parts: string[] = [];
  let length = 0;
  const take = (piece: string) => {
    const fitting = piece.slice(0, Math.max(0, maxLength - length));
    if (fitting !== '') parts.push(fitting);
    length += fitting.length;
  };
  const flush = () => {
    const line = parts.join('');
    parts = [];
    length = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  return {
    push(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let to = chunk.indexOf('\n'); to >= 0; to = chunk.indexOf('\n', from)) {
        take(chunk.slice(from, to));
        lines.push(flush());
        from = to + 1;
      }
      take(chunk.slice(from));
      return lines;
    },
    rest() {
      return length === 0 ? undefined : flush();
    },
  };
}
