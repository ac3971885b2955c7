import type { Verdict } from '../../domain/candidate.ts';
import { type Instant, iso } from '../../domain/time.ts';

/** RFC 3339, or null. */
export function isoOrNull(at: Instant | null | undefined): string | null {
  return at === null || at === undefined ? null : iso(at);
}

/** Minor units as the API writes money. */
export function moneyOf(minor: number, currency: string): { amount: string; currency: string } {
  return { amount: (minor / 100).toFixed(2), currency };
}

export function moneyOrNull(minor: number | null, currency: string) {
  return minor === null ? null : moneyOf(minor, currency);
}

/** A verdict with its times as the API writes them. `spacing` observes an instant, too. */
export function verdictOf({ gate, pass, code, observed, needed, liftsAt, liftsOn }: Verdict) {
  if (pass) return { gate, pass };
  const seen = gate === 'spacing' && typeof observed === 'number' ? iso(observed) : observed;
  return {
    gate,
    pass,
    code,
    observed: seen ?? null,
    needed: needed ?? null,
    liftsAt: isoOrNull(liftsAt),
    liftsOn: liftsOn ?? null,
  };
}
