import jsonPatch from 'fast-json-patch';
import { describe, expect, it } from 'vitest';
import { annotations, labels } from '../contract/names.ts';
import type { AdmissionAnswer, AdmissionRequest } from './admission-review.ts';
import { admitCronJob, admitJob, admitPod } from './admit.ts';
import type { AdmitOptions } from './admit.ts';
import { mutatePod } from './mutate/mutate-pod.ts';
import { samplePod, sampleProject } from './mutate/sample.ts';
import { defaultSettings } from './mutate/settings.ts';
import { ProjectUnreadable } from './projects.ts';

const uid = 'uid-of-request';

function request(object: unknown, change: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return { uid, operation: 'CREATE', namespace: 'acme', name: '', dryRun: false, object, ...change };
}

/** Knows the project "shop" of the namespace acme, and what it was asked. */
function options(): AdmitOptions & { asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    settings: defaultSettings,
    findProject: (namespace, name, timeoutMs) => {
      asked.push([namespace, name, timeoutMs]);
      if (name === 'broken') return Promise.reject(new ProjectUnreadable('the API server answered 500'));
      return Promise.resolve(namespace === 'acme' && name === 'shop' ? sampleProject() : undefined);
    },
  };
}

function applied(object: object, { response }: AdmissionAnswer): unknown {
  const operations = JSON.parse(
    Buffer.from(response.patch ?? '', 'base64').toString(),
  ) as jsonPatch.Operation[];
  return jsonPatch.applyPatch(structuredClone(object), operations).newDocument;
}

const of = (project: string) => samplePod({}, { labels: { [labels.project]: project } });

describe('a pod', () => {
  it('is patched into what the mutations make of it', async () => {
    const known = options();
    const { answer, ...facts } = await admitPod(request(samplePod()), 4000, known);
    expect(answer.response).toMatchObject({ uid, allowed: true, patchType: 'JSONPatch' });
    expect(applied(samplePod(), answer)).toEqual(
      mutatePod(samplePod(), sampleProject(), defaultSettings).pod,
    );
    expect(facts).toMatchObject({ result: 'injected', problems: 0, project: 'shop' });
    expect(known.asked).toEqual([['acme', 'shop', 4000]]);
  });

  it('with problems is marked and allowed: the backstop denies', async () => {
    const object = samplePod({ restartPolicy: 'Always' });
    const { answer, result, problems } = await admitPod(request(object), 1, options());
    expect([answer.response.allowed, result, problems]).toEqual([true, 'problems', 1]);
    expect(applied(object, answer)).toEqual(mutatePod(object, sampleProject(), defaultSettings).pod);
  });

  it('that is injected already is allowed as it is', async () => {
    const { pod } = mutatePod(samplePod(), sampleProject(), defaultSettings);
    const admission = await admitPod(request(pod), 1, options());
    expect(admission).toMatchObject({ answer: { response: { uid, allowed: true } }, result: 'unchanged' });
    expect(admission.answer.response).not.toHaveProperty('patch');
  });

  it('is looked up in the namespace of the request only', async () => {
    const known = options();
    const elsewhere = { ...samplePod(), metadata: { ...samplePod().metadata, namespace: 'acme' } };
    const { result } = await admitPod(request(elsewhere, { namespace: 'other' }), 1, known);
    expect([result, known.asked]).toEqual(['unknown-project', [['other', 'shop', 1]]]);
  });

  it('of a project that cannot be read is denied with the cause', async () => {
    const { answer, result } = await admitPod(request(of('broken')), 1, options());
    expect(answer.response).toEqual({
      uid,
      allowed: false,
      status: {
        code: 503,
        message: 'dbt-jobs: DbtProject "broken" could not be read: the API server answered 500; try again',
      },
    });
    expect(result).toBe('unreadable-project');
  });

  it.each(['', '../shop', 'Shop', '{{x}}', 'a'.repeat(64)])(
    'whose label %j is no name is never looked up',
    async (label) => {
      const known = options();
      const admission = await admitPod(request(of(label)), 1, known);
      expect(applied(of(label), admission.answer)).toEqual(
        mutatePod(of(label), undefined, defaultSettings).pod,
      );
      expect([admission.result, 'project' in admission, known.asked]).toEqual(['unknown-project', false, []]);
    },
  );

  const skipped: Record<string, AdmissionRequest> = {
    'without a label': request({ metadata: {}, spec: { containers: [] } }),
    'that is updated': request(samplePod(), { operation: 'UPDATE' }),
    'that is deleted': request(null, { operation: 'DELETE' }),
  };
  it.each(Object.entries(skipped))('%s is skipped', async (_, given) => {
    const known = options();
    expect(await admitPod(given, 1, known)).toMatchObject({
      answer: { response: { uid, allowed: true } },
      result: 'skipped',
      operations: 0,
    });
    expect(known.asked).toEqual([]);
  });

  it('that is none is denied', async () => {
    const { answer } = await admitPod(request(null), 1, options());
    expect(answer.response.status?.message).toBe(
      'dbt-jobs: the object is not a Pod: send it as the API of the cluster defines it',
    );
  });
});

describe('a Job', () => {
  const job = (project: string) => ({
    metadata: {},
    spec: { template: { metadata: { labels: { [labels.project]: project } } } },
  });

  it('is stamped', async () => {
    const { answer, result } = await admitJob(request(job('shop')), 1, options());
    expect(result).toBe('injected');
    expect(applied(job('shop'), answer)).toEqual({
      metadata: {
        labels: { [labels.project]: 'shop' },
        annotations: { [annotations.projectUid]: 'uid-of-shop' },
      },
      spec: {
        activeDeadlineSeconds: 86_400,
        template: { metadata: { labels: { [labels.project]: 'shop', [labels.plan]: 'first' } } },
      },
    });
  });

  it('of a project that cannot be read is allowed with a warning', async () => {
    const { answer, result } = await admitJob(request(job('broken')), 1, options());
    expect(answer.response).toEqual({
      uid,
      allowed: true,
      warnings: ['dbt-jobs: DbtProject "broken" could not be read: the API server answered 500; try again'],
    });
    expect(result).toBe('unreadable-project');
  });

  it('of an unknown project is allowed as it is', async () => {
    const { answer, result } = await admitJob(request(job('nope')), 1, options());
    expect([answer.response, result]).toEqual([{ uid, allowed: true }, 'unknown-project']);
  });

  it('without a label is skipped', async () => {
    const { result } = await admitJob(request({ spec: { template: {} } }), 1, options());
    expect(result).toBe('skipped');
  });
});

describe('a CronJob', () => {
  const cronJob = (project: string) => ({
    metadata: {},
    spec: { jobTemplate: { spec: { template: { metadata: { labels: { [labels.project]: project } } } } } },
  });

  it('is marked', async () => {
    const { answer, result } = await admitCronJob(request(cronJob('shop')), 1, options());
    expect(result).toBe('injected');
    expect(applied(cronJob('shop'), answer)).toEqual({
      ...cronJob('shop'),
      metadata: { annotations: { [annotations.projectUid]: 'uid-of-shop' } },
    });
  });

  it('of an unknown project is allowed as it is', async () => {
    const { answer, result } = await admitCronJob(request(cronJob('nope')), 1, options());
    expect([answer.response, result]).toEqual([{ uid, allowed: true }, 'unknown-project']);
  });

  it('of another kind is refused with what was expected', async () => {
    const { answer } = await admitCronJob(request({ spec: {} }), 1, options());
    expect(answer.response.status?.message).toBe(
      'dbt-jobs: the object is not a CronJob: send it as the API of the cluster defines it',
    );
  });
});
