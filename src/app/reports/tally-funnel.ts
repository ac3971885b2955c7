import type { JudgedCandidate } from '../../domain/candidate.ts';
import { DAY, type Instant, iso } from '../../domain/time/time.ts';

/** How far the candidates of one day got. */
export interface DayCount {
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  decisions: number;
  candidates: number;
  /** Candidates whose conditions held. */
  eligible: number;
  /** Candidates that passed every gate. */
  ranked: number;
  chosen: number;
  /** Deliveries that were sent, and tasks that reached the desk. */
  sent: number;
  blocked: { gate: string; code: string; candidates: number }[];
}

/** The conditions of an action: whether it may, makes sense, and is right for the customer. */
const CONDITION_GATES: ReadonlySet<string> = new Set(['eligibility', 'applicability', 'suitability']);

type OpenDay = Omit<DayCount, 'blocked'> & { blocked: Map<string, number> };

/** Counts candidates by day, from being proposed to being sent. */
export class DayTally {
  readonly #days = new Map<string, OpenDay>();

  /** @param sent what of the decision was sent */
  add(at: Instant, candidates: readonly JudgedCandidate[], sent: number): void {
    if (candidates.length === 0) return;
    const day = this.#dayOf(at);
    day.decisions++;
    day.candidates += candidates.length;
    day.sent += sent;
    for (const { verdict, gates } of candidates) {
      const blocking = verdict === 'blocked' ? gates.filter(({ pass }) => !pass) : [];
      if (!blocking.some(({ gate }) => CONDITION_GATES.has(gate))) day.eligible++;
      if (verdict !== 'blocked') day.ranked++;
      if (verdict === 'chosen') day.chosen++;
      const reasons = new Set(blocking.map(({ gate, code = 'blocked' }) => JSON.stringify([gate, code])));
      for (const reason of reasons) day.blocked.set(reason, (day.blocked.get(reason) ?? 0) + 1);
    }
  }

  /** Days with candidates, oldest first; reasons that block most first. */
  get days(): DayCount[] {
    return [...this.#days.values()]
      .sort((a, b) => (a.day < b.day ? -1 : 1))
      .map(({ blocked, ...day }) => ({
        ...day,
        blocked: [...blocked]
          .map(([reason, candidates]) => {
            const [gate, code] = JSON.parse(reason) as [string, string];
            return { gate, code, candidates };
          })
          .sort(
            (a, b) => b.candidates - a.candidates || (`${a.gate} ${a.code}` < `${b.gate} ${b.code}` ? -1 : 1),
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
