/**
 * What is done for a workspace as a whole, again and again. `learn`: closes rewards whose window is over and folds them
 * into the model. `fit`: fits the scores, each night. `guard`: watches the guardrails. `expire`: ends coupons whose time
 * is over.
 */
export const JOBS = ['learn', 'fit', 'guard', 'expire'] as const;
export type Job = (typeof JOBS)[number];
