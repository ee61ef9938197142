import type { OutcomeReason } from '../../contract/outcome.ts';
import type { KubeEvent } from '../kube/event.ts';
import { hasEnded, type Pod } from '../kube/pod.ts';
import { decidingAttempt, dbtStarted, type RunFacts } from './run-facts.ts';

/** Why dbt has not started, where it is a cause that only a person can remove (C30). */
export interface StartCause {
  readonly reason: OutcomeReason;
  readonly message: string;
  readonly container?: string;
}

/**
 * In this order:
 *  1. a container of the newest attempt that the kubelet cannot create: its image, a Secret, a ConfigMap, anything else;
 *  2. a volume of that attempt that the kubelet cannot mount for want of a Secret or ConfigMap;
 *  3. no attempt, or none since: the API server refused the pod.
 * Waiting for a node, for a pull under way or for an engine that does not answer is none of them.
 */
export function startCause(facts: RunFacts): StartCause | undefined {
  const pod = decidingAttempt(facts);
  if (pod !== undefined && !hasEnded(pod) && dbtStarted(pod)) return undefined;
  const open = pod !== undefined && !hasEnded(pod) && !facts.gone ? pod : undefined;
  const candidate = open ?? (pod !== undefined && !dbtStarted(pod) ? pod : undefined);
  return (
    (candidate && (waitingCause(candidate) ?? mountCause(candidate, facts.events))) ??
    (open === undefined ? refusalCause(facts, pod) : undefined)
  );
}

/** That no node took the pod. The run is not ended for it, but it may meet its deadline so. */
export function waitedForNode(pod: Pod | undefined): StartCause | undefined {
  const scheduled = pod?.status.conditions.find((condition) => condition.type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return {
    reason: 'Unschedulable',
    message: `no node takes the pod: ${scheduled.message ?? 'no node is free'}`,
  };
}

function waitingCause(pod: Pod): StartCause | undefined {
  for (const status of [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]) {
    const waiting = status.state?.waiting;
    const image = [...pod.spec.initContainers, ...pod.spec.containers].find(
      (container) => container.name === status.name,
    )?.image;
    if (!waiting) continue;
    const cause = causeOfWaiting(waiting.reason ?? '', waiting.message ?? '', image ?? 'unknown');
    if (cause !== undefined) return { ...cause, container: status.name };
  }
  return undefined;
}

/** Reasons of the kubelet (pkg/kubelet/images/types.go and kuberuntime). */
const pullReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
]);
const createReasons = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

function causeOfWaiting(reason: string, message: string, image: string): StartCause | undefined {
  if (pullReasons.has(reason)) {
    return { reason: 'ImagePullFailed', message: `image "${image}" cannot be pulled: ${message || reason}` };
  }
  if (!createReasons.has(reason)) return undefined;
  return (
    missing(message) ?? {
      reason: 'StartTimeout',
      message: `the container cannot be created: ${message || reason}`,
    }
  );
}

/** The kubelet's words for what is missing: pkg/kubelet/kubelet_pods.go, pkg/volume/{secret,configmap}. */
function missing(message: string): StartCause | undefined {
  const object = /(secret|configmap) "([^"]{1,253})" not found/i.exec(message);
  if (object?.[1] && object[2]) {
    return object[1].toLowerCase() === 'secret'
      ? { reason: 'CredentialsMissing', message: `Secret "${object[2]}" does not exist` }
      : { reason: 'ConfigMapMissing', message: `ConfigMap "${object[2]}" does not exist` };
  }
  const key = /couldn't find key (\S{1,253}) in (Secret|ConfigMap) [^/\s]{1,63}\/(\S{1,253})/.exec(message);
  return key?.[1] && key[2] && key[3] ? missingKey(key[2], key[3], key[1]) : undefined;
}

function missingKey(kind: string, name: string, key: string): StartCause {
  return {
    reason: kind === 'Secret' ? 'CredentialsMissing' : 'ConfigMapMissing',
    message: `${kind} "${name}" has no key "${key}"`,
  };
}

function mountCause(pod: Pod, events: readonly KubeEvent[]): StartCause | undefined {
  const failure = newest(events, 'FailedMount', pod.metadata.uid);
  if (failure === undefined) return undefined;
  const key = /references non-existent (secret|config) key: (\S{1,253})/.exec(failure.message);
  if (key?.[2] === undefined) return missing(failure.message);
  const volumeName = /for volume "([^"]{1,63})"/.exec(failure.message)?.[1];
  const volume = pod.spec.volumes.find((entry) => entry.name === volumeName);
  const [kind, name] =
    key[1] === 'secret'
      ? (['Secret', volume?.secret?.secretName] as const)
      : (['ConfigMap', volume?.configMap?.name] as const);
  return missingKey(kind, name ?? `of volume ${volumeName ?? 'unknown'}`, key[2]);
}

function refusalCause(facts: RunFacts, pod: Pod | undefined): StartCause | undefined {
  const refusal = newest(facts.events, 'FailedCreate', facts.run.metadata.uid);
  if (refusal === undefined) return undefined;
  if (pod !== undefined && refusal.at < Date.parse(pod.metadata.creationTimestamp)) return undefined;
  return causeOfRefusal(refusal.message.replace(/^Error creating: /, ''));
}

/** Texts of the API server for a pod that was not let in. */
function causeOfRefusal(text: string): StartCause | undefined {
  if (isPassing(text)) return undefined;
  if (/exceeded quota: |failed quota: /.test(text)) return { reason: 'QuotaExceeded', message: text };
  const ours = text.indexOf('dbt-jobs: ');
  return { reason: 'AdmissionDenied', message: ours < 0 ? text : text.slice(ours) };
}

/** What passes by itself: an engine or the API server that did not answer, and a look-up that is to be tried again. */
function isPassing(text: string): boolean {
  return (
    /failed calling webhook|timed out|timeout|connection refused|etcdserver|the object has been modified/i.test(
      text,
    ) || / could not be read: .*; try again$/.test(text)
  );
}

function newest(events: readonly KubeEvent[], reason: string, about: string): KubeEvent | undefined {
  return events
    .filter((event) => event.reason === reason && event.about === about)
    .toSorted((a, b) => a.at - b.at)
    .at(-1);
}
