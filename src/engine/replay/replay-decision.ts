import type { ArbitrationRecord, GateVerdict, JudgedCandidate } from '../../domain/candidate.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import { createChooser } from '../choose.ts';
import { type DecisionInput, type RestoreContext, restoreInput } from '../journey/decide/decision-input.ts';

/** One pool's answer. */
export interface ReplayedAnswer {
  judgedCandidates: JudgedCandidate[];
  /** Null where no marketing action competed. */
  arbitration: ArbitrationRecord | null;
}

/** The gate of what the core adds after the choice: a claim has just refused it. */
const CLAIM = 'claim';

/**
 * Asks the decisioning again what it was asked in one pool. With the same definitions and model the answer is the same,
 * to the draw.
 * @param refused claims' refusals that stood in the way, by enrollment: facts of then
 */
export function replayPool(
  asked: DecisionInput,
  again: RestoreContext,
  model: ServedModel | null,
  refused: ReadonlyMap<string, GateVerdict>,
): ReplayedAnswer {
  const { candidates, request } = restoreInput(asked, again);
  const { judgedCandidates: judged, arbitration: arbitrated } = createChooser(model)(candidates, request);
  const all = new Set(
    candidates.filter((one) => one.deliver === 'all').map((one) => offerOf(one.enrollment.id, one.action.id)),
  );
  const winners = new Set(
    judged.filter((one) => one.verdict === 'chosen').map((one) => offerOf(one.enrollmentId, one.action)),
  );
  return {
    arbitration: arbitrated,
    judgedCandidates: judged.map((one) => {
      const offer = offerOf(one.enrollmentId, one.action);
      const along = one.verdict === 'allowed' && all.has(offer) && winners.has(offer);
      return afterClaim(
        along ? { ...one, verdict: 'chosen', propensity: 1 } : one,
        refused.get(one.enrollmentId),
      );
    }),
  };
}

/** Refusals that stand in a record. */
export function collectClaimRefusals(judged: readonly JudgedCandidate[]): Map<string, GateVerdict> {
  return new Map(
    judged.flatMap((one) =>
      one.gates.filter((gate) => gate.gate === CLAIM).map((gate) => [one.enrollmentId, gate] as const),
    ),
  );
}

function afterClaim(judged: JudgedCandidate, refusal: GateVerdict | undefined): JudgedCandidate {
  if (!refusal) return judged;
  const passed = judged.verdict === 'chosen' || judged.verdict === 'allowed';
  return { ...judged, verdict: passed ? 'blocked' : judged.verdict, gates: [...judged.gates, refusal] };
}

function offerOf(enrollment: string, action: string): string {
  return JSON.stringify([enrollment, action]);
}
