import { checkEffects } from './check-effects.ts';
import { checkLog } from './check-log.ts';
import { checkMarketing } from './check-marketing.ts';
import { checkState } from './check-state.ts';
import type { Evidence } from './evidence.ts';
import type { Violation } from './violation.ts';

/**
 * Judges a run by what was said and acknowledged, and by what database, providers, API and histories show of it. It shares no
 * code with the product.
 */
export function check(evidence: Evidence): Violation[] {
  return [
    ...checkLog(evidence),
    ...checkEffects(evidence),
    ...checkMarketing(evidence),
    ...checkState(evidence),
  ];
}
