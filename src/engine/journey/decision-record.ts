import type { ArbitrationRecord, JudgedCandidate } from '../../domain/candidate.ts';
import type { DecisionInput } from './decide/decision-input.ts';
import type { JourneyChange } from './journey-change.ts';

/** Why the decision came out as it did. It is stored with the decision, and has no effect on what follows. */
export interface DecisionRecord {
  changes: JourneyChange[];
  judgedCandidates: JudgedCandidate[];
  /** One for each time that marketing actions competed. */
  arbitrations: ArbitrationRecord[];
  /** The input of each pool of candidates. */
  decisionInputs: DecisionInput[];
}

export function emptyRecord(): DecisionRecord {
  return { changes: [], judgedCandidates: [], arbitrations: [], decisionInputs: [] };
}
