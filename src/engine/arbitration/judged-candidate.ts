import type { GateVerdict, JudgedCandidate } from '../../domain/candidate.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import { isAllowed, type RankedCandidate } from './rank.ts';

export type LossReason = 'outranked' | 'do_nothing';

/** A candidate as the decision keeps it. */
export function toJudgedCandidate(
  { candidate, gates, score }: RankedCandidate,
  verdict: 'chosen' | null,
  changes: Partial<JudgedCandidate> = {},
): JudgedCandidate {
  return {
    enrollmentId: candidate.enrollment.id,
    action: candidate.action.id,
    class: candidate.action.class,
    channel: candidate.channel,
    verdict: verdict ?? (gates.every((gate) => gate.pass) ? 'allowed' : 'blocked'),
    score,
    propensity: verdict === 'chosen' ? 1 : 0,
    gates,
    ...changes,
  };
}

/** One that was allowed, and lost. */
export function toLoser(
  ranked: RankedCandidate,
  loss: LossReason,
  situation: DecisionRequest,
): Pick<JudgedCandidate, 'verdict' | 'gates'> {
  if (!isAllowed(ranked)) throw new Error(`${ranked.candidate.action.id} is blocked, and can't lose`);
  return { verdict: 'outranked', gates: [...ranked.gates, verdictOf(loss, situation)] };
}

/** Who lost to another waits as long as it would after any marketing contact. Who lost to nothing isn't asked again. */
function verdictOf(code: LossReason, { now, bundle }: DecisionRequest): GateVerdict {
  const liftsAt = now + Math.max(bundle.workspace.spacing, 60_000);
  return { gate: 'arbitration', pass: false, code, ...(code === 'outranked' ? { liftsAt } : {}) };
}
