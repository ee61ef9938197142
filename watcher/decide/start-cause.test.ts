import { describe, expect, it } from 'vitest';
import { job, pod, running, terminated, waiting } from '../testdata/objects.ts';
import type { KubeEvent } from '../kube/event.ts';
import { decideStartTimeout } from './outcome.ts';
import type { RunFacts } from './run-facts.ts';
import { startCause, type StartCause } from './start-cause.ts';

const at = Date.parse('2026-11-23T02:05:00Z');
const mount = (message: string): KubeEvent => ({
  about: 'nightly-1-abcde-uid',
  reason: 'FailedMount',
  message,
  at,
});
const refused = (message: string, when = at): KubeEvent => ({
  about: 'job-uid',
  reason: 'FailedCreate',
  message: `Error creating: ${message}`,
  at: when,
});
const dbtWaits = (reason: string, message?: string) => pod({ containers: { dbt: waiting(reason, message) } });
const creating = (volumes: readonly object[] = []) =>
  pod({ containers: { dbt: waiting('ContainerCreating') }, volumes });
const denial =
  'dbt-jobs: 1 problem(s) with DbtProject "shop" in namespace "shop": (1) there is no plan in force: make one with "kubectl dbt plan", then create the pod again';

const table: Record<string, { readonly facts: Partial<RunFacts>; readonly cause: StartCause | undefined }> = {
  'J11: a missing Secret is named': {
    facts: { attempts: [dbtWaits('CreateContainerConfigError', 'secret "warehouse" not found')] },
    cause: { reason: 'CredentialsMissing', message: 'Secret "warehouse" does not exist', container: 'dbt' },
  },
  'J11: a missing key is named with its Secret': {
    facts: {
      attempts: [
        dbtWaits('CreateContainerConfigError', "couldn't find key PASSWORD in Secret shop/warehouse"),
      ],
    },
    cause: {
      reason: 'CredentialsMissing',
      message: 'Secret "warehouse" has no key "PASSWORD"',
      container: 'dbt',
    },
  },
  'a missing ConfigMap is no missing Secret': {
    facts: { attempts: [dbtWaits('CreateContainerConfigError', 'configmap "profiles" not found')] },
    cause: { reason: 'ConfigMapMissing', message: 'ConfigMap "profiles" does not exist', container: 'dbt' },
  },
  'a Secret that is to be mounted and is not there is named': {
    facts: {
      attempts: [creating()],
      events: [mount('MountVolume.SetUp failed for volume "dbt-jobs-clone" : secret "git" not found')],
    },
    cause: { reason: 'CredentialsMissing', message: 'Secret "git" does not exist' },
  },
  'a key that is to be mounted and is not there is named with the Secret of its volume': {
    facts: {
      attempts: [creating([{ name: 'dbt-jobs-credentials-0', secret: { secretName: 'warehouse' } }])],
      events: [
        mount(
          'MountVolume.SetUp failed for volume "dbt-jobs-credentials-0" : references non-existent secret key: key.p8',
        ),
      ],
    },
    cause: { reason: 'CredentialsMissing', message: 'Secret "warehouse" has no key "key.p8"' },
  },
  'a key of a ConfigMap that is to be mounted and is not there is named': {
    facts: {
      attempts: [creating([{ name: 'dbt-jobs-profiles', configMap: { name: 'profiles' } }])],
      events: [
        mount(
          'MountVolume.SetUp failed for volume "dbt-jobs-profiles" : configmap references non-existent config key: profiles.yml',
        ),
      ],
    },
    cause: { reason: 'ConfigMapMissing', message: 'ConfigMap "profiles" has no key "profiles.yml"' },
  },
  'J11: an image that cannot be pulled is named with the cause': {
    facts: {
      attempts: [
        dbtWaits('ImagePullBackOff', 'Back-off pulling image "x": ErrImagePull: pull access denied'),
      ],
    },
    cause: {
      reason: 'ImagePullFailed',
      message:
        'image "registry.example.com/shop:1" cannot be pulled: Back-off pulling image "x": ErrImagePull: pull access denied',
      container: 'dbt',
    },
  },
  'an image that must be there and is not is a failed pull': {
    facts: {
      attempts: [
        dbtWaits('ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never'),
      ],
    },
    cause: {
      reason: 'ImagePullFailed',
      message:
        'image "registry.example.com/shop:1" cannot be pulled: Container image "x" is not present with pull policy of Never',
      container: 'dbt',
    },
  },
  'the image of an init container counts': {
    facts: {
      attempts: [
        pod({
          init: { 'dbt-jobs-git-sync': waiting('ErrImagePull', 'not found') },
          containers: { dbt: waiting('PodInitializing') },
        }),
      ],
    },
    cause: {
      reason: 'ImagePullFailed',
      message: 'image "registry.example.com/git-sync:v4" cannot be pulled: not found',
      container: 'dbt-jobs-git-sync',
    },
  },
  'a container that cannot be created for another reason is told as it is': {
    facts: {
      attempts: [
        dbtWaits('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
      ],
    },
    cause: {
      reason: 'StartTimeout',
      message: 'the container cannot be created: container has runAsNonRoot and image will run as root',
      container: 'dbt',
    },
  },
  'J10: our own denial is told without the words around it': {
    facts: {
      events: [
        refused(
          `pods "nightly-1-" is forbidden: ValidatingAdmissionPolicy 'dbt-jobs-backstop' with binding 'dbt-jobs-backstop' denied request: ${denial}`,
        ),
      ],
    },
    cause: { reason: 'AdmissionDenied', message: denial },
  },
  'J10: Pod Security is told in its own words': {
    facts: {
      events: [
        refused('pods "n-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'),
      ],
    },
    cause: {
      reason: 'AdmissionDenied',
      message: 'pods "n-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
    },
  },
  'J10: a quota that is used up is no denial': {
    facts: {
      events: [
        refused(
          'pods "n-x" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=3, limited: cpu=3',
        ),
      ],
    },
    cause: {
      reason: 'QuotaExceeded',
      message:
        'pods "n-x" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=3, limited: cpu=3',
    },
  },
  'a webhook that does not answer passes by itself': {
    facts: {
      events: [
        refused(
          'Internal error occurred: failed calling webhook "pods.dbt-jobs.io": connect: connection refused',
        ),
      ],
    },
    cause: undefined,
  },
  'a look-up that is to be tried again passes by itself': {
    facts: {
      events: [
        refused(
          'admission webhook "pods.dbt-jobs.io" denied the request: dbt-jobs: DbtProject "shop" could not be read: 503; try again',
        ),
      ],
    },
    cause: undefined,
  },
  'a refusal that an attempt has overcome is forgotten': {
    facts: {
      attempts: [
        pod({
          created: '2026-11-23T02:06:00Z',
          containers: { dbt: terminated(1) },
          status: { phase: 'Failed' },
        }),
      ],
      events: [refused('pods "n-x" is forbidden: exceeded quota: small')],
    },
    cause: undefined,
  },
  'a refusal after a failed attempt counts': {
    facts: {
      attempts: [pod({ containers: { dbt: terminated(1) }, status: { phase: 'Failed' } })],
      events: [refused('pods "n-x" is forbidden: exceeded quota: small')],
    },
    cause: { reason: 'QuotaExceeded', message: 'pods "n-x" is forbidden: exceeded quota: small' },
  },
  'the event of another pod is none of ours': {
    facts: { attempts: [creating()], events: [{ ...mount('secret "a" not found'), about: 'other' }] },
    cause: undefined,
  },
  'J11: waiting for a node is none of the list': {
    facts: { attempts: [pod({ scheduled: false, containers: {} })] },
    cause: undefined,
  },
  'a pull under way is none of the list': { facts: { attempts: [creating()] }, cause: undefined },
  'a dbt that runs has started': {
    facts: { attempts: [pod({ containers: { dbt: running } })], events: [mount('secret "a" not found')] },
    cause: undefined,
  },
};

const factsOf = (facts: Partial<RunFacts>): RunFacts => ({
  run: job(),
  gone: false,
  attempts: [],
  events: [],
  ...facts,
});

describe('startCause', () => {
  it.each(Object.entries(table))('%s', (_, { facts, cause }) =>
    expect(startCause(factsOf(facts))).toEqual(cause),
  );
});

describe('decideStartTimeout', () => {
  it('gives the reason of the cause, and how long it was waited for', () => {
    const facts = factsOf({
      attempts: [dbtWaits('CreateContainerConfigError', 'secret "warehouse" not found')],
    });
    expect(decideStartTimeout(facts, 900)).toEqual({
      result: 'failed',
      reason: 'CredentialsMissing',
      message: 'dbt did not start within 900 s: Secret "warehouse" does not exist',
      container: 'dbt',
    });
  });

  it('ends nothing for want of a cause', () => {
    expect(decideStartTimeout(factsOf({ attempts: [creating()] }), 900)).toBeUndefined();
  });
});
