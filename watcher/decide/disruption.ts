import type { OutcomeReason } from '../../contract/outcome.ts';
import type { Pod } from '../kube/pod.ts';

/** Reasons of the condition DisruptionTarget, set by the control plane and the kubelet. */
const conditionReasons: Readonly<Record<string, OutcomeReason>> = {
  EvictionByEvictionAPI: 'Evicted',
  PreemptionByScheduler: 'Evicted',
  TerminationByKubelet: 'Evicted',
  DeletionByTaintManager: 'NodeLost',
  DeletionByPodGC: 'NodeLost',
};

/** status.reason of a pod that a kubelet ended or did not take; others begin with OutOf (pkg/kubelet/lifecycle). */
const podReasons: Readonly<Record<string, OutcomeReason>> = {
  Evicted: 'Evicted',
  Preempting: 'Evicted',
  Terminated: 'Evicted',
  NodeShutdown: 'Evicted',
  NodeAffinity: 'Evicted',
  UnexpectedAdmissionError: 'Evicted',
  NodeLost: 'NodeLost',
};

/** What took the pod from its container: the node, or somebody who needed the node. */
export function disruption(pod: Pod): { reason: OutcomeReason; message: string } | undefined {
  const { reason, message } = pod.status;
  const target = pod.status.conditions.find(
    (condition) => condition.type === 'DisruptionTarget' && condition.status === 'True',
  );
  const node = pod.spec.nodeName ? ` on node "${pod.spec.nodeName}"` : '';
  const why = message ?? target?.message ?? target?.reason ?? reason ?? '';
  const byPod = reason?.startsWith('OutOf') ? 'Evicted' : podReasons[reason ?? ''];
  const found = conditionReasons[target?.reason ?? ''] ?? byPod;
  if (found === undefined) return undefined;
  const what = found === 'NodeLost' ? 'the pod was lost' : 'the pod was taken away';
  return { reason: found, message: `${what}${node}: ${why}` };
}
