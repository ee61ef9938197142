import { planImage } from '../../contract/names.ts';
import type { Injection } from './injection.ts';
import { changeDbtContainer } from './injection.ts';
import type { Pod } from './pod.ts';

/**
 * The dbt container runs the image of the plan.
 *
 * Sets: spec.containers[dbt].image, .imagePullPolicy.
 * Leaves alone when: the image is the plan's already; the pull policy is then the pod's own.
 * Clause: C12.
 */
export function mutatePlanImage(pod: Pod, injection: Injection): Pod {
  return changeDbtContainer(pod, injection, (container) =>
    container.image === planImage
      ? {
          ...container,
          image: injection.plan.image,
          imagePullPolicy: injection.project.spec.imagePullPolicy,
        }
      : container,
  );
}
