import { canaryOf, secretCanary, withCanary } from './canary.ts';
import type { Admission, Engine } from './engines/engine.ts';
import { expectedObject, judge, judgeUpdate } from './judge.ts';
import type { Case } from './read-cases.ts';
import { unlabelled } from './unlabelled.ts';

/** How many cases an engine is asked at a time: enough to keep two cores and an API server busy. */
const atOnce = 6;

/** What became of one case on one engine. */
export type Result =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly faults: readonly string[] }
  | { readonly kind: 'not asked'; readonly why: string };

export interface EngineRun {
  readonly engine: string;
  /** By the name of the case; empty where the engine could not be had. */
  readonly results: ReadonlyMap<string, Result>;
  readonly notRun?: string;
  /** What is wrong with no single case. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

/** Crosses every case with one engine. What an engine does is a result, never an error. */
export async function runEngine(
  engine: Engine,
  cases: readonly Case[],
  now: () => number,
): Promise<EngineRun> {
  const started = now();
  const made = (run: Partial<EngineRun>): EngineRun => ({
    engine: engine.name,
    results: new Map(),
    faults: [],
    seconds: (now() - started) / 1000,
    ...run,
  });
  try {
    const unready = await engine.prepare(cases);
    if (unready !== undefined) return made(unready);
    const results = await eachOf(cases, async (asked) => [asked, await runCase(engine, asked)] as const);
    const logs = await engine.logs();
    const leaked = Object.entries(logs).filter(([, text]) => text.includes(secretCanary));
    const faults = leaked.map(([where]) => `a credential is in a log: ${where}`);
    return made({ results: new Map(results.map((one) => withLogs(one, logs.engine))), faults });
  } catch (error) {
    // An engine that is there and does not come to work is broken: "not run" would let it pass.
    return made({ faults: [messageOf(error)] });
  } finally {
    await engine.close();
  }
}

async function runCase(engine: Engine, asked: Case): Promise<Result> {
  const why = engine.notAsked(asked);
  if (why !== undefined) return { kind: 'not asked', why };
  try {
    const faults = asked.update === undefined ? await create(engine, asked) : await update(engine, asked);
    return faults.length === 0 ? { kind: 'passed' } : { kind: 'failed', faults };
  } catch (error) {
    return { kind: 'failed', faults: [messageOf(error)] };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function create(engine: Engine, asked: Case): Promise<readonly string[]> {
  const sent = withCanary(asked, asked.object);
  const first = await engine.admit(asked, sent, asked.dryRun ? 'dry run' : 'stored');
  const twin = withCanary(asked, unlabelled(asked, asked.object));
  return judge(asked, {
    stage: engine.stage,
    namespace: engine.namespaceOf(asked),
    comparable: (object) => engine.comparable(object),
    sent,
    first,
    ...(first.object === undefined
      ? {}
      : {
          reference: await engine.reference(asked, sent, withCanary(asked, expectedObject(asked))),
          again: await engine.admit(asked, first.object, 'dry run'),
        }),
    twin: {
      first: await engine.admit(asked, twin, 'dry run'),
      reference: await engine.reference(asked, twin, twin),
    },
  });
}

async function update(engine: Engine, asked: Case): Promise<readonly string[]> {
  const first: Admission & { readonly asked: Case['object'] } = await engine.update(asked);
  return judgeUpdate(asked, {
    stage: engine.stage,
    namespace: engine.namespaceOf(asked),
    comparable: (object) => engine.comparable(object),
    first,
    asked: first.asked,
  });
}

function withLogs([asked, result]: readonly [Case, Result], logs: string): readonly [string, Result] {
  if (!logs.includes(canaryOf(asked))) return [asked.name, result];
  const faults = result.kind === 'failed' ? result.faults : [];
  return [asked.name, { kind: 'failed', faults: [...faults, 'a value of the object is in a log'] }];
}

/** `work` on each item, some at a time, results in the order of the items. */
async function eachOf<Item, Made>(
  items: readonly Item[],
  work: (item: Item) => Promise<Made>,
): Promise<readonly Made[]> {
  const made: Made[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) made[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return made;
}
