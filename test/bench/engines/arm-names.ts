import { engines } from '../../../contract/names.ts';

/** The ways in which a pod is admitted; the first adds nothing, and the others are measured above it. */
export const armNames = ['no engine', 'null webhook', 'backstop alone', ...engines] as const;
export type ArmName = (typeof armNames)[number];
