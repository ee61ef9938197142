/** Takes one line for the person who waits. */
export type Log = (line: string) => void;

/** The progress of one long piece of work. */
export interface Progress {
  /** Says a line now. */
  readonly step: (text: string) => void;
  /** Takes a line of a builder's output; only the steps that take time are said. */
  readonly output: (line: string) => void;
}

/** A silent step is said again this often, so that nobody takes it for a hang. */
const SAY_AGAIN_MS = 15_000;

const MAX_LINE = 110;

/** Says lines of the form `name  12.3 s  text` while `work` is under way, the time counted from this call. */
export async function withProgress<T>(
  name: string,
  log: Log,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  let last = 'working';
  const say = (text: string): void => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    log(`${name.padEnd(12)} ${seconds} s  ${text}`.slice(0, MAX_LINE));
  };
  const timer = setInterval(() => say(`still at: ${last}`), SAY_AGAIN_MS);
  const step = (text: string): void => {
    last = text;
    timer.refresh();
    say(text);
  };
  const output = (line: string): void => {
    const text = buildStep(line);
    if (text !== undefined) step(text);
  };
  try {
    return await work({ step, output });
  } finally {
    clearInterval(timer);
  }
}

/** The step in a line with which a builder announces work that takes time, else nothing. */
export function buildStep(line: string): string | undefined {
  const buildah = /^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: ((?:RUN|COPY|ADD) .*)$/.exec(line);
  const dockerKit = /^#\d+ \[[^\]]+\] ((?:RUN|COPY|ADD) .*)$/.exec(line);
  if (/^(?:\[\d+\/\d+\] )?COMMIT |^#\d+ exporting to image$/.test(line)) return 'writing the image';
  const instruction = buildah?.[1] ?? dockerKit?.[1];
  return instruction?.replace(/--mount=\S+\s+/g, '').replace(/\s+/g, ' ');
}
