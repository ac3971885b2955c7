import type { ArbitrationRecord } from '../../domain/candidate.ts';
import type { Arbitration } from '../../learning/policy/arbitration.ts';

/** How an arbitration came out, by whichever policy. */
export type PolicyOutcome = Omit<Arbitration, 'policy' | 'refusals'> & {
  policy: ArbitrationRecord['policy'];
};
