import type { JudgedCandidate } from '../../domain/candidate.ts';
import { DAY, type Instant, iso } from '../../domain/time/time.ts';
import { type BlockingReason, listReasons } from './blocking-reasons.ts';

/** Which candidates count. What is missing does not restrict. */
export interface CandidateFilter {
  action?: string | undefined;
  journey?: string | undefined;
}

/** How far candidates got. */
interface Stages {
  candidates: number;
  /** Candidates whose conditions held. */
  eligible: number;
  /** Candidates that passed every gate. */
  ranked: number;
  chosen: number;
}

/** How far the candidates of one day got. */
export interface DayCount extends Stages {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  /** With such a candidate. */
  decisions: number;
  /** Deliveries that were sent, and tasks that reached the desk. */
  sent: number;
  blocked: (BlockingReason & { candidates: number })[];
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

/** Reasons in descending order of candidates. */
export function sortReasons(reasons: DayCount['blocked']): DayCount['blocked'] {
  return reasons.sort(
    (a, b) => b.candidates - a.candidates || (`${a.gate} ${a.code}` < `${b.gate} ${b.code}` ? -1 : 1),
  );
}

type OpenDay = Omit<DayCount, 'blocked'> & { blocked: Map<string, number> };

/** Counts candidates by day, from being proposed to being sent. */
export class DayTally {
  readonly #days = new Map<string, OpenDay>();

  /** @param sent what of the decision was sent */
  add(at: Instant, candidates: readonly JudgedCandidate[], sent: number): void {
    if (candidates.length === 0) return;
    const day = this.#dayOf(at);
    day.decisions++;
    day.sent += sent;
    const { candidates: all, eligible, ranked, chosen } = countStages(candidates);
    day.candidates += all;
    day.eligible += eligible;
    day.ranked += ranked;
    day.chosen += chosen;
    for (const { gate, code } of candidates.flatMap(listReasons)) {
      const reason = JSON.stringify([gate, code]);
      day.blocked.set(reason, (day.blocked.get(reason) ?? 0) + 1);
    }
  }

  /** Days with candidates, oldest first; reasons that block most first. */
  get days(): DayCount[] {
    return [...this.#days.values()]
      .sort((a, b) => (a.day < b.day ? -1 : 1))
      .map(({ blocked, ...day }) => ({
        ...day,
        blocked: sortReasons(
          [...blocked].map(([reason, candidates]) => {
            const [gate, code] = JSON.parse(reason) as [string, string];
            return { gate, code, candidates };
          }),
        ),
      }));
  }

  #dayOf(at: Instant): OpenDay {
    const day = iso(Math.floor(at / DAY) * DAY).slice(0, 10);
    const known = this.#days.get(day);
    if (known) return known;
    const added = {
      day,
      decisions: 0,
      candidates: 0,
      eligible: 0,
      ranked: 0,
      chosen: 0,
      sent: 0,
      blocked: new Map(),
    };
    this.#days.set(day, added);
    return added;
  }
}
