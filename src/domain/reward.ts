/** Why the model cannot learn from an observation. */
export const LEARNING_REFUSALS = [
  'not_finite',
  'out_of_range',
  'other_shape',
  'other_size',
  'other_hash',
  'unknown_arm',
  'from_future',
  'twice',
  'not_positive',
] as const;

/** `open` until the window is over; then `counted` (the model learned from it), or why the model could not. */
export const REWARD_STATES = [
  'open',
  'counted',
  'not_sent',
  'unknown_decision',
  'other_currency',
  'other_reward',
  ...LEARNING_REFUSALS,
] as const;
export type RewardState = (typeof REWARD_STATES)[number];
