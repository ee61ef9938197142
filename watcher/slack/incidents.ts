import type { Mark } from './mark.ts';

/** What is known of the runs of one job, each told as it ended, in any order. */
export interface Incidents {
  failed(job: string, endedAt: number, mark: Mark): void;
  succeeded(job: string, endedAt: number): void;
  /** The incident that a run which ended then belongs to: the last failure before it, with no success in between. */
  open(job: string, endedAt: number): Mark | undefined;
  /** Forgets a thread that Slack no longer knows. */
  forget(job: string): void;
}

/** Jobs whose runs come and go; the one that was heard of longest ago is forgotten. */
const mostJobs = 10_000;

interface Known {
  readonly failure?: { readonly endedAt: number; readonly mark: Mark };
  readonly successAt: number;
}

const nothing: Known = { successAt: 0 };

/** Made anew from the marks of the runs that are there: nothing is stored besides. */
export function createIncidents(): Incidents {
  const jobs = new Map<string, Known>();
  const set = (job: string, known: Known) => {
    jobs.delete(job);
    jobs.set(job, known);
    const [oldest] = jobs.keys();
    if (jobs.size > mostJobs && oldest !== undefined) jobs.delete(oldest);
  };
  return {
    failed(job, endedAt, mark) {
      const known = jobs.get(job) ?? nothing;
      if (endedAt >= (known.failure?.endedAt ?? 0)) set(job, { ...known, failure: { endedAt, mark } });
    },
    succeeded(job, endedAt) {
      const known = jobs.get(job) ?? nothing;
      set(job, { ...known, successAt: Math.max(known.successAt, endedAt) });
    },
    open(job, endedAt) {
      const { failure, successAt } = jobs.get(job) ?? nothing;
      if (failure === undefined || failure.endedAt > endedAt) return undefined;
      const isClosed = successAt >= failure.endedAt && successAt < endedAt;
      return isClosed ? undefined : failure.mark;
    },
    forget(job) {
      jobs.set(job, { successAt: jobs.get(job)?.successAt ?? 0 });
    },
  };
}
