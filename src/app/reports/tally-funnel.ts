import type { JudgedCandidate } from '../../domain/candidate.ts';
import { DAY, type Instant, iso } from '../../domain/time/time.ts';
import { listReasons } from './blocking-reasons.ts';
import { type DayCount, FunnelDays, type Stages } from './funnel-days.ts';

/** Which candidates count. What is missing does not restrict. */
export interface CandidateFilter {
  action?: string | undefined;
  journey?: string | undefined;
}

/** The conditions of an action: whether it may, makes sense, and is right for the customer. */
const CONDITION_GATES: ReadonlySet<string> = new Set(['eligibility', 'applicability', 'suitability']);

/** Whether its conditions held. */
export function isEligible(candidate: JudgedCandidate): boolean {
  return !listReasons(candidate).some(({ gate }) => CONDITION_GATES.has(gate));
}

/** How far these candidates got. */
export function countStages(candidates: readonly JudgedCandidate[]): Stages {
  const count = (holds: (candidate: JudgedCandidate) => boolean) => candidates.filter(holds).length;
  return {
    candidates: candidates.length,
    eligible: count(isEligible),
    ranked: count(({ verdict }) => verdict !== 'blocked'),
    chosen: count(({ verdict }) => verdict === 'chosen'),
  };
}

/** Counts candidates by day, from being proposed to being sent. */
export class DayTally {
  readonly #days = new FunnelDays();

  /** @param sent what of the decision was sent */
  add(at: Instant, candidates: readonly JudgedCandidate[], sent: number): void {
    if (candidates.length === 0) return;
    const name = iso(Math.floor(at / DAY) * DAY).slice(0, 10);
    const day = this.#days.of(name);
    day.decisions++;
    day.sent += sent;
    const { candidates: all, eligible, ranked, chosen } = countStages(candidates);
    day.candidates += all;
    day.eligible += eligible;
    day.ranked += ranked;
    day.chosen += chosen;
    for (const reason of candidates.flatMap(listReasons)) this.#days.addBlocked(name, reason, 1);
  }

  get days(): DayCount[] {
    return this.#days.list();
  }
}
