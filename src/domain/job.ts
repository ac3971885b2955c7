/**
 * The recurring jobs of a workspace. `learn` closes rewards whose window is over and updates the model with them. `fit`
 * fits the scores every night. `guard` checks the guardrails. `expire` ends coupons that are past their validity. `count` counts
 * what has changed since the last run, for the reports.
 */
export const JOBS = ['learn', 'fit', 'guard', 'expire', 'count'] as const;
export type Job = (typeof JOBS)[number];
