import { isDeepStrictEqual } from 'node:util';
import { annotations, dbtContainer } from '../../contract/names.ts';
import { dbtContainerOf, withWords, wordsOf } from '../../contract/run-template.ts';
import type { JobSettings } from '../wire/job.ts';
import type { CronJob } from './cron-job.ts';
import { parseWords, printWords } from './dbt-words.ts';
import { alertAnnotations, failurePolicy, startingDeadlineSeconds } from './manifest.ts';

type Patch = Readonly<Record<string, unknown>>;

/**
 * The JSON merge patch that makes a CronJob say what the settings say: only what differs, so that whatever else somebody
 * wrote into it stays.
 */
export function changePatch(object: CronJob, settings: JobSettings): Patch {
  const { spec } = object;
  const wanted = {
    schedule: settings.schedule.cron,
    timeZone: settings.schedule.timeZone,
    startingDeadlineSeconds: spec.startingDeadlineSeconds ?? startingDeadlineSeconds,
    concurrencyPolicy: settings.overlap,
    suspend: settings.paused,
  };
  return {
    spec: {
      ...differing(spec, wanted),
      jobTemplate: {
        metadata: { annotations: alertPatch(object, settings) },
        spec: jobPatch(object, settings),
      },
    },
  };
}

/** Those of `wanted` that are not so yet; an absent one is taken away. */
function differing(now: Patch, wanted: Patch): Patch {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([key, value]) => {
      const [has, wants] = [now[key] ?? null, value ?? null];
      return isDeepStrictEqual(has, wants) ? [] : [[key, wants]];
    }),
  );
}

function alertPatch({ spec: { jobTemplate } }: CronJob, settings: JobSettings): Patch {
  const wanted = { [annotations.slackAlerts]: undefined, [annotations.slackChannel]: undefined };
  return differing(jobTemplate.metadata?.annotations ?? {}, { ...wanted, ...alertAnnotations(settings) });
}

function jobPatch(object: CronJob, settings: JobSettings): Patch {
  const { jobTemplate } = object.spec;
  const { retries, timeoutSeconds } = settings;
  const words = printWords(settings);
  const now = parseWords(wordsOf(jobTemplate));
  const sameWords = !('why' in now) && isDeepStrictEqual(printWords(now), words);
  const { containers } = withWords(jobTemplate, words).spec.template.spec;
  return {
    ...differing(jobTemplate.spec, {
      backoffLimit: retries,
      activeDeadlineSeconds: timeoutSeconds,
      podFailurePolicy: failurePolicyOf(object, retries),
    }),
    ...(sameWords ? {} : { template: { spec: { containers } } }),
  };
}

/** Ours where there is none of another's hand, and where the pods are of a kind that may have one. */
function failurePolicyOf({ spec: { jobTemplate } }: CronJob, retries: number): unknown {
  const { template, podFailurePolicy } = jobTemplate.spec;
  const ours = failurePolicy(dbtContainerOf(jobTemplate)?.name ?? dbtContainer);
  const isOurs = isDeepStrictEqual(podFailurePolicy ?? ours, ours);
  if (!isOurs) return podFailurePolicy;
  return retries > 0 && template.spec['restartPolicy'] === 'Never' ? ours : undefined;
}
