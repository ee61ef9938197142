import { styleText } from 'node:util';

let chapter = 0;
let begun = 0;

/** Begins a numbered chapter of the demo. */
export function tellChapter(title: string): void {
  chapter += 1;
  if (begun === 0) begun = Date.now();
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(`\n${styleText('bold', `${chapter}. ${title}`)}  ${styleText('dim', `(${seconds} s)`)}`);
}

export function tell(text: string): void {
  console.log(`   ${text}`);
}

/** What a person would type. */
export function tellCommand(text: string): void {
  console.log(`   ${styleText('cyan', `$ ${text}`)}`);
}

/** Real output, indented; `most` lines of it at most, from the start. */
export function tellOutput(text: string, most = 40): void {
  const lines = text.trimEnd().split('\n');
  for (const line of lines.slice(0, most)) console.log(`     ${line}`);
  if (lines.length > most) console.log(styleText('dim', `     … ${lines.length - most} lines more`));
}

/** @throws if what was told is not so. */
export function expectThat(so: boolean, otherwise: string): asserts so {
  if (!so) throw new Error(`Not as told: ${otherwise}`);
}
