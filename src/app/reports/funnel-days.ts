import type { BlockingReason } from './blocking-reasons.ts';

/** How far candidates got. */
export interface Stages {
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

type OpenDay = Omit<DayCount, 'blocked'> & { blocked: Map<string, number> };

/** The days of a funnel while it is counted. */
export class FunnelDays {
  readonly #days = new Map<string, OpenDay>();

  /** The counts of a day, to add to. */
  of(day: string): Omit<DayCount, 'blocked'> {
    return this.#open(day);
  }

  addBlocked(day: string, { gate, code }: BlockingReason, candidates: number): void {
    const { blocked } = this.#open(day);
    const reason = JSON.stringify([gate, code]);
    blocked.set(reason, (blocked.get(reason) ?? 0) + candidates);
  }

  /** Days with candidates, oldest first; reasons that block most first. */
  list(): DayCount[] {
    return [...this.#days.values()]
      .filter(({ candidates }) => candidates > 0)
      .sort((a, b) => (a.day < b.day ? -1 : 1))
      .map(({ blocked, ...day }) => ({ ...day, blocked: listBlocked(blocked) }));
  }

  #open(day: string): OpenDay {
    const known = this.#days.get(day);
    if (known) return known;
    const counts = { decisions: 0, candidates: 0, eligible: 0, ranked: 0, chosen: 0, sent: 0 };
    const added = { day, ...counts, blocked: new Map<string, number>() };
    this.#days.set(day, added);
    return added;
  }
}

function listBlocked(blocked: Map<string, number>): DayCount['blocked'] {
  return [...blocked]
    .map(([reason, candidates]) => {
      const [gate, code] = JSON.parse(reason) as [string, string];
      return { gate, code, candidates };
    })
    .sort((a, b) => b.candidates - a.candidates || (`${a.gate} ${a.code}` < `${b.gate} ${b.code}` ? -1 : 1));
}
