import { type Instant, iso } from '../domain/time/time.ts';

/** `2026-11-22 07:54Z`, or a dash where there is no time. */
export function formatMinute(at: Instant | null): string {
  return at === null ? '-' : `${iso(at).slice(0, 16).replace('T', ' ')}Z`;
}
