import { annotations } from './names.ts';

/** `activeDeadlineSeconds` of a run that was cancelled. */
export const cancelledDeadline = 1;

/**
 * The JSON merge patch that cancels a Job or bare Pod at work (C32). The UID makes it a conflict where the name belongs to
 * another run by now. A suspended Job never reaches its deadline: it is deleted after this.
 */
export function cancelPatch(uid: string, by: string) {
  return {
    metadata: { uid, annotations: { [annotations.cancelledBy]: by } },
    spec: { activeDeadlineSeconds: cancelledDeadline },
  } as const;
}
