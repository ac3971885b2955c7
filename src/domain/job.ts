/**
 * The recurring jobs of a workspace. `learn` closes rewards whose window is over and updates the model with them. `fit`
 * fits the scores every night. `guard` checks the guardrails. `expire` ends coupons that are past their validity.
 */
export const JOBS = ['learn', 'fit', 'guard', 'expire'] as const;
export type Job = (typeof JOBS)[number];
