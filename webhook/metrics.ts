import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AdmissionResult } from './admit.ts';

export type Resource = 'pods' | 'jobs' | 'cronjobs';

export interface Metrics {
  /** Prometheus text, and its content type. */
  read(): Promise<{ readonly text: string; readonly contentType: string }>;
  admitted(admission: {
    readonly resource: Resource;
    readonly result: AdmissionResult;
    readonly dryRun: boolean;
    readonly seconds: number;
  }): void;
  /** Answered with 4xx: nothing that could be admitted. */
  refused(resource: Resource): void;
}

export interface Gauges {
  /** Milliseconds since the epoch; undefined before there is a certificate. */
  readonly certificateExpiresAt: () => number | undefined;
  readonly projectCacheAgeMs: () => number | undefined;
}

/** Seconds. The API server's own buckets begin at 5 ms, where most of ours have ended. */
const buckets = [
  0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
  5,
];

/** Every label has a closed set of values: a pod's labels could otherwise make series without end. */
export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerGauges(registry, gauges);
  const registers = [registry];
  const duration = new Histogram({
    name: 'dbt_jobs_webhook_admission_duration_seconds',
    help: 'From the whole request to the answer, dry runs included.',
    labelNames: ['resource'],
    buckets,
    registers,
  });
  const admissions = new Counter({
    name: 'dbt_jobs_webhook_admissions_total',
    help: 'Requests by what became of them.',
    labelNames: ['resource', 'result', 'dry_run'],
    registers,
  });
  return {
    read: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
    admitted: ({ resource, result, dryRun, seconds }) => {
      duration.observe({ resource }, seconds);
      admissions.inc({ resource, result, dry_run: String(dryRun) });
    },
    refused: (resource) => admissions.inc({ resource, result: 'malformed', dry_run: 'false' }),
  };
}

function registerGauges(registry: Registry, { certificateExpiresAt, projectCacheAgeMs }: Gauges): void {
  const seconds = (ms: number | undefined): number => (ms ?? Number.NaN) / 1000;
  registry.registerMetric(
    new Gauge({
      name: 'dbt_jobs_webhook_certificate_expiry_timestamp_seconds',
      help: 'End of the certificate that is served, seconds since 1970.',
      registers: [],
      collect() {
        this.set(seconds(certificateExpiresAt()));
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'dbt_jobs_webhook_project_cache_age_seconds',
      help: 'Since the API server last spoke of DbtProjects; above 90 the cache is not trusted.',
      registers: [],
      collect() {
        this.set(seconds(projectCacheAgeMs()));
      },
    }),
  );
}
