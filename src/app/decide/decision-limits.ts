import { SECOND } from '../../domain/time/time.ts';
import type { Limits } from '../../limits/limit-steps.ts';

/**
 * Of one decision, preview, view or replay. The steps are a few hundred milliseconds; the time is a hundred times what a
 * decision takes, and two tries are shorter than the time-out of the activity.
 */
export const DECISION_LIMITS: Limits = { steps: 5_000_000, ms: SECOND };

/** Of a real-time decision. Its time is what is left until the deadline of its placement. */
export const REALTIME_STEPS = 1_000_000;
