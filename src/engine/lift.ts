import type { GateVerdict } from '../domain/candidate.ts';
import type { Instant } from '../domain/time/time.ts';

/** When what blocks a candidate is over: by time, or by an event, whichever comes first. */
export interface Lift {
  /** When time has lifted every reason; null if a reason has no time. */
  at: Instant | null;
  /** Kinds of event that may lift a reason sooner. */
  events: string[];
  /** Every reason has a time or an event. Otherwise waiting is of no use. */
  possible: boolean;
  /** The last reason to lift by time is quiet hours: the customers of a zone wake together, so the wake is spread. */
  endsQuietHours: boolean;
}

/**
 * Combines the reasons of one candidate: all must lift, so time lifts the candidate at the latest of their times, and
 * only if each of them has one.
 * @param verdicts passes among them are left out
 */
export function computeLift(verdicts: GateVerdict[]): Lift {
  const reasons = verdicts.filter((verdict) => !verdict.pass);
  const times = reasons.flatMap(({ liftsAt }) => liftsAt ?? []);
  const events = reasons.flatMap(({ liftsOn }) => liftsOn ?? []);
  const at = reasons.length > 0 && times.length === reasons.length ? Math.max(...times) : null;
  return {
    at,
    events: [...new Set(events)],
    possible: reasons.every(({ liftsAt, liftsOn }) => Boolean(liftsAt || liftsOn)),
    endsQuietHours:
      at !== null && reasons.some(({ gate, liftsAt }) => gate === 'quiet_hours' && liftsAt === at),
  };
}
