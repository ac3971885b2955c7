import type { JudgedCandidate, Verdict } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import { isAllowed, type Ranked } from './ranked.ts';

export type Loss = 'outranked' | 'do_nothing';

/** A candidate as the decision keeps it. */
export function judgedOf(
  { candidate, gates, score }: Ranked,
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
export function lost(
  ranked: Ranked,
  loss: Loss,
  situation: Situation,
): Pick<JudgedCandidate, 'verdict' | 'gates'> {
  if (!isAllowed(ranked)) throw new Error(`${ranked.candidate.action.id} is blocked, and can't lose`);
  return { verdict: 'outranked', gates: [...ranked.gates, verdictOf(loss, situation)] };
}

/** Who lost to another waits as long as it would after any marketing contact. Who lost to nothing isn't asked again. */
function verdictOf(code: Loss, { now, bundle }: Situation): Verdict {
  const liftsAt = now + Math.max(bundle.workspace.spacing, 60_000);
  return { gate: 'arbitration', pass: false, code, ...(code === 'outranked' ? { liftsAt } : {}) };
}
