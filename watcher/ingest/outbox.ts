import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ingestionReport, type OutcomeReport } from '../../contract/ingestion.ts';

/** Outcomes that the control plane has not yet taken, on disk: a process may die before. */
export interface Outbox {
  /** UIDs of the runs, the oldest first. */
  readonly waiting: ReadonlySet<string>;
  put(report: OutcomeReport): Promise<void>;
  /** Undefined where there is none, or none that can be read. */
  get(uid: string): Promise<OutcomeReport | undefined>;
  remove(uid: string): Promise<void>;
}

/** UIDs are of the API server, but a file name is not worth the trust. */
const fileName = /^([A-Za-z0-9-]{1,128})\.json$/;

export async function openOutbox(folder: string): Promise<Outbox> {
  await mkdir(folder, { recursive: true });
  const waiting = new Set((await readdir(folder)).flatMap((file) => fileName.exec(file)?.[1] ?? []));
  const pathOf = (uid: string) => join(folder, `${uid}.json`);
  return {
    waiting,
    async put(report) {
      const { uid } = report.run;
      if (waiting.has(uid) || !fileName.test(`${uid}.json`)) return;
      // Whole or not at all.
      await writeFile(`${pathOf(uid)}.part`, JSON.stringify(report));
      await rename(`${pathOf(uid)}.part`, pathOf(uid));
      waiting.add(uid);
    },
    async get(uid) {
      try {
        const report = ingestionReport.parse(JSON.parse(await readFile(pathOf(uid), 'utf8')));
        return report.kind === 'outcome' ? report : undefined;
      } catch {
        return undefined;
      }
    },
    async remove(uid) {
      waiting.delete(uid);
      await rm(pathOf(uid), { force: true });
    },
  };
}
