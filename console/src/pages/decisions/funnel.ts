import type { Answer } from '../../api/use-api.ts';

/** Candidates by day, as the API counts them. */
export type Funnel = Answer<'get', '/v1/reports/funnel'>;
type Day = Funnel['days'][number];

export const STAGES = ['candidates', 'eligible', 'ranked', 'chosen', 'sent'] as const;
type Stage = (typeof STAGES)[number];

/** The sums of the period. */
export function sumStages({ days }: Funnel): Record<Stage, number> {
  const sum = (stage: Stage) => days.reduce((total, day) => total + day[stage], 0);
  return {
    candidates: sum('candidates'),
    eligible: sum('eligible'),
    ranked: sum('ranked'),
    chosen: sum('chosen'),
    sent: sum('sent'),
  };
}

/** A reason that blocks, with how many candidates it blocked in the period. */
export interface ReasonCount {
  gate: string;
  code: string;
  candidates: number;
}

/** The reasons of the period, those that block most first. */
export function sumReasons({ days }: Funnel): ReasonCount[] {
  const sums = new Map<string, ReasonCount>();
  for (const { gate, code, candidates } of days.flatMap(({ blocked }) => blocked)) {
    const key = `${gate} ${code}`;
    const sum = sums.get(key) ?? { gate, code, candidates: 0 };
    sums.set(key, { ...sum, candidates: sum.candidates + candidates });
  }
  return [...sums.values()].sort((a, b) => b.candidates - a.candidates);
}

const DAY = 86_400_000;

/** Every day of the period up to today, with zeros where there were no candidates. */
export function fillDays({ period, days }: Funnel, now: number = Date.now()): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const filled: Day[] = [];
  for (let at = Date.parse(period.from); at < Math.min(Date.parse(period.to), now); at += DAY) {
    const day = new Date(at).toISOString().slice(0, 10);
    const none = {
      day,
      decisions: 0,
      candidates: 0,
      eligible: 0,
      ranked: 0,
      chosen: 0,
      sent: 0,
      blocked: [],
    };
    filled.push(known.get(day) ?? none);
  }
  return filled;
}

/** How many candidates a reason blocked on a day. */
export const blockedBy = ({ blocked }: Day, { gate, code }: Pick<ReasonCount, 'gate' | 'code'>): number =>
  blocked.find((reason) => reason.gate === gate && reason.code === code)?.candidates ?? 0;
