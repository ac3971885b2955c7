import { type AskAgain, type Asked, askAgain } from '../../domain/advance/asked.ts';
import type { Arbitrated, JudgedCandidate, Verdict } from '../../domain/candidate.ts';
import { chooser } from '../choose.ts';
import type { Served } from '../learning/serve.ts';

/** One pool's answer. */
export interface Answered {
  judged: JudgedCandidate[];
  /** Null where no marketing action competed. */
  arbitrated: Arbitrated | null;
}

/** The gate of what the core adds after the choice: a claim has just refused it. */
const CLAIM = 'claim';

/**
 * Asks the decisioning again what it was asked in one pool. With the same definitions and model the answer is the same,
 * to the draw.
 * @param refused claims' refusals that stood in the way, by enrollment: facts of then
 */
export function answer(
  asked: Asked,
  again: AskAgain,
  model: Served | null,
  refused: ReadonlyMap<string, Verdict>,
): Answered {
  const { candidates, situation } = askAgain(asked, again);
  const { judged, arbitrated } = chooser(model)(candidates, situation);
  const all = new Set(
    candidates.filter((one) => one.deliver === 'all').map((one) => offerOf(one.enrollment.id, one.action.id)),
  );
  const winners = new Set(
    judged.filter((one) => one.verdict === 'chosen').map((one) => offerOf(one.enrollmentId, one.action)),
  );
  return {
    arbitrated,
    judged: judged.map((one) => {
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
export function refusalsIn(judged: readonly JudgedCandidate[]): Map<string, Verdict> {
  return new Map(
    judged.flatMap((one) =>
      one.gates.filter((gate) => gate.gate === CLAIM).map((gate) => [one.enrollmentId, gate] as const),
    ),
  );
}

function afterClaim(judged: JudgedCandidate, refusal: Verdict | undefined): JudgedCandidate {
  if (!refusal) return judged;
  const passed = judged.verdict === 'chosen' || judged.verdict === 'allowed';
  return { ...judged, verdict: passed ? 'blocked' : judged.verdict, gates: [...judged.gates, refusal] };
}

function offerOf(enrollment: string, action: string): string {
  return JSON.stringify([enrollment, action]);
}
