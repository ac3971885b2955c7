import type { ExaminedDecision } from '../../../db/reports/decisions.ts';
import { iso } from '../../domain/time/time.ts';
import { listReasons } from './blocking-reasons.ts';

/** The decisions of one day (UTC): their candidates by verdict, and by the gate and reason that blocked them. */
export interface DayOfDecisions {
  day: string;
  decisions: number;
  judged: number;
  chosen: number;
  outranked: number;
  allowed: number;
  blocked: number;
  reasons: { gate: string; code: string; blocked: number; alone: number }[];
}

type Reasons = Map<string, DayOfDecisions['reasons'][number]>;

/** Counts decisions, candidates and blocking reasons by day. */
export class ReasonTally {
  readonly #days = new Map<string, { counts: Omit<DayOfDecisions, 'reasons'>; reasons: Reasons }>();

  add({ at, candidates }: Pick<ExaminedDecision, 'at' | 'candidates'>): void {
    const day = iso(at).slice(0, 10);
    const none = { day, decisions: 0, judged: 0, chosen: 0, outranked: 0, allowed: 0, blocked: 0 };
    const { counts, reasons } = this.#days.get(day) ?? { counts: none, reasons: new Map() as Reasons };
    this.#days.set(day, { counts, reasons });
    counts.decisions++;
    for (const candidate of candidates) {
      counts.judged++;
      counts[candidate.verdict]++;
      const found = listReasons(candidate);
      for (const { gate, code } of found) {
        const key = JSON.stringify([gate, code]);
        const sum = reasons.get(key) ?? { gate, code, blocked: 0, alone: 0 };
        reasons.set(key, sum);
        sum.blocked++;
        if (found.length === 1) sum.alone++;
      }
    }
  }

  /** Oldest first; reasons in descending order of `blocked`. */
  get days(): DayOfDecisions[] {
    return [...this.#days.values()]
      .sort((a, b) => (a.counts.day < b.counts.day ? -1 : 1))
      .map(({ counts, reasons }) => ({
        ...counts,
        reasons: [...reasons]
          .sort(([a, { blocked: x }], [b, { blocked: y }]) => y - x || (a < b ? -1 : 1))
          .map(([, reason]) => reason),
      }));
  }
}
