/** What an agent does with a task. Those with a key have a dialog, except the claim. */
export type StepKind = 'claim' | 'resolve' | 'escalate' | 'snooze' | 'release' | 'dismiss';

/** The keys of steps. */
export const STEP_KEYS: Partial<Record<StepKind, string>> = {
  claim: 'c',
  resolve: 'r',
  escalate: 'e',
  snooze: 's',
};
