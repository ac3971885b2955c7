import type { GateVerdict, JudgedCandidate } from '../../domain/candidate.ts';
import { MINUTE } from '../../domain/time/time.ts';
import { block } from '../gates/gate.ts';
import type { DecisionRequest } from '../request.ts';
import { isAllowed, type RankedCandidate } from './rank.ts';

export type LossReason = 'outranked' | 'do_nothing';

/** A candidate in the form in which the decision's record keeps it. */
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

/** What the record says of a candidate that was allowed, and lost. */
export function loserVerdict(
  ranked: RankedCandidate,
  reason: LossReason,
  request: DecisionRequest,
): Pick<JudgedCandidate, 'verdict' | 'gates'> {
  if (!isAllowed(ranked)) throw new Error(`${ranked.candidate.action.id} is blocked, so it cannot lose`);
  return { verdict: 'outranked', gates: [...ranked.gates, arbitrationVerdict(reason, request)] };
}

/**
 * A candidate that lost to another waits as long as after any marketing contact, at least a minute. One that lost to
 * doing nothing is not asked again: its verdict never lifts.
 */
function arbitrationVerdict(code: LossReason, { now, policy }: DecisionRequest): GateVerdict {
  const liftsAt = now + Math.max(policy.spacing, MINUTE);
  return block('arbitration', code, code === 'outranked' ? { liftsAt } : {});
}
