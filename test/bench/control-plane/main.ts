/**
 * U1: the list of runs at 100,000 against 1,000, and what taking logs costs, on SQLite and on PostgreSQL. Writes report.md.
 * `node test/bench/control-plane/main.ts`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../control-plane/store/open-store.ts';
import type { Store } from '../../../control-plane/store/store.ts';
import { type Postgres, startPostgres } from '../../../control-plane/store/testdata/postgres.ts';
import { parseAlone, startIngestArm } from './ingest.ts';
import { type PageName, pageNames, timeList } from './list.ts';
import { logBodies } from './log-corpus.ts';
import { type IngestRound, type ListRound, writeReport } from './report.ts';
import { seedRuns } from './runs.ts';

const rounds = 5;
const counts = [1000, 100_000] as const;
const warmUp = 50;
const samples = 200;
const logBytesOfRound = 40_000_000;
const names = ['sqlite', 'postgres'] as const;

const folder = mkdtempSync(join(tmpdir(), 'control-plane-bench-'));
const postgres = await startPostgres();
try {
  const lists = [];
  const ingests = [];
  for (const name of names) {
    lists.push({ name, rounds: await benchLists(name, postgres) });
    ingests.push({ name, rounds: await benchIngest(name, postgres) });
  }
  const report = writeReport({
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    counts,
    lists,
    ingests,
  });
  writeFileSync(new URL('./report.md', import.meta.url), report);
  console.log(`\n${report}`);
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true });
}

type DatabaseName = (typeof names)[number];

async function newDatabase(name: DatabaseName, of: Postgres, file: string) {
  return name === 'sqlite'
    ? ({ database: name, file: join(folder, file) } as const)
    : ({ database: name, url: await of.createDatabase(), connections: 4 } as const);
}

async function benchLists(name: DatabaseName, of: Postgres): Promise<readonly ListRound[]> {
  const arms: { store: Store; runs: number }[] = [];
  for (const runs of counts) {
    const settings = await newDatabase(name, of, `runs-${runs}.db`);
    const store = await openStore(
      { ...settings, retention: { runDays: 90, logDays: 30 } },
      { now: () => new Date(), onTrouble: (error) => console.error(error) },
    );
    await seedRuns(store, runs, (done) => {
      if (done % 10_000 === 0) console.log(`${name}: ${done} of ${runs} runs are there`);
    });
    arms.push({ store, runs });
  }
  const found: ListRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const pages = new Map<PageName, readonly number[]>();
    for (const page of pageNames) {
      await timeList(arms, page, warmUp);
      pages.set(page, await timeList(arms, page, samples));
    }
    found.push(pages);
    console.log(`${name}: list, round ${round + 1} of ${rounds}`);
  }
  await Promise.all(arms.map(({ store }) => store.close()));
  return found;
}

async function benchIngest(name: DatabaseName, of: Postgres): Promise<readonly IngestRound[]> {
  const arm = await startIngestArm(await newDatabase(name, of, 'logs.db'));
  const bodies = logBodies(logBytesOfRound * (rounds + 1));
  const perRound = Math.floor(bodies.length / (rounds + 1));
  await arm.send(bodies.slice(0, perRound));
  const found: IngestRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const own = bodies.slice(round * perRound, (round + 1) * perRound);
    const alone = parseAlone(own);
    const sent = await arm.send(own);
    const logBytes = own.reduce((sum, body) => sum + body.logBytes, 0);
    found.push({
      logBytes,
      cpuSeconds: sent.cpuSeconds,
      aloneSeconds: alone.cpuSeconds,
      peakBytes: sent.peakBytes,
    });
    console.log(
      `${name}: logs, round ${round} of ${rounds}: ${(logBytes / 1e6 / sent.cpuSeconds).toFixed(1)} MB/s`,
    );
  }
  await arm.stop();
  return found;
}
