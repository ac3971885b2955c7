import type { ArbitrationRecord, Candidate, GateVerdict, JudgedCandidate } from '../../domain/candidate.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import { createChooser } from '../choose.ts';
import { type DecisionInput, type RestoreContext, restoreInput } from '../journey/decide/decision-input.ts';

/** The answer about one pool. */
export interface ReplayedAnswer {
  judgedCandidates: JudgedCandidate[];
  /** Null where no marketing action competed. */
  arbitration: ArbitrationRecord | null;
}

/** The gate that stands for a claim's recent refusal: the journey adds it after the choice. */
const CLAIM = 'claim';

/**
 * Replays one recorded pool. With the same definitions and the same model the answer is the same, to the draw.
 * @param refusals claims' refusals that the record has, by enrollment
 */
export function replayPool(
  input: DecisionInput,
  context: RestoreContext,
  model: ServedModel | null,
  refusals: ReadonlyMap<string, GateVerdict>,
): ReplayedAnswer {
  const { candidates, request } = restoreInput(input, context);
  const choice = createChooser(model)(candidates, request);
  const judgedCandidates = markFurtherChannels(choice.judgedCandidates, candidates).map((judged) =>
    addRefusal(judged, refusals.get(judged.enrollmentId)),
  );
  return { arbitration: choice.arbitration, judgedCandidates };
}

/** Further channels of a chosen action go out with it where its step delivers by all (`resolveChoice`). */
function markFurtherChannels(judged: JudgedCandidate[], candidates: Candidate[]): JudgedCandidate[] {
  const byAll = candidates.filter(({ deliver }) => deliver === 'all');
  const offers = new Set(byAll.map(({ enrollment, action }) => toOfferKey(enrollment.id, action.id)));
  const chosen = judged.filter(({ verdict }) => verdict === 'chosen');
  const winners = new Set(chosen.map(({ enrollmentId, action }) => toOfferKey(enrollmentId, action)));
  return judged.map((entry) => {
    const offer = toOfferKey(entry.enrollmentId, entry.action);
    const goesOutAlong = entry.verdict === 'allowed' && offers.has(offer) && winners.has(offer);
    return goesOutAlong ? { ...entry, verdict: 'chosen', propensity: 1 } : entry;
  });
}

/** The claims' refusals of a record, by enrollment. */
export function collectClaimRefusals(judged: readonly JudgedCandidate[]): Map<string, GateVerdict> {
  return new Map(
    judged.flatMap(({ enrollmentId, gates }) =>
      gates.filter(({ gate }) => gate === CLAIM).map((verdict) => [enrollmentId, verdict] as const),
    ),
  );
}

function addRefusal(judged: JudgedCandidate, refusal: GateVerdict | undefined): JudgedCandidate {
  if (!refusal) return judged;
  const wasFree = judged.verdict === 'chosen' || judged.verdict === 'allowed';
  return { ...judged, verdict: wasFree ? 'blocked' : judged.verdict, gates: [...judged.gates, refusal] };
}

function toOfferKey(enrollment: string, action: string): string {
  return JSON.stringify([enrollment, action]);
}
