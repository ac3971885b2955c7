import { DAY, type Instant, MINUTE } from './time/time.ts';
import { isWithinDaily, minuteOfDay, type Zone } from './time/zone.ts';

/** Minutes since local midnight; `from`–`to` may span it. */
export interface QuietHours {
  from: number;
  to: number;
}

export function isQuiet(zone: Zone, quiet: QuietHours, at: Instant): boolean {
  return isWithinDaily(minuteOfDay(zone, at), quiet.from, quiet.to);
}

/**
 * The first instant from `now` on that is not quiet. The search goes from one change of the clocks to the next: the end
 * may fall into an hour that is skipped, or into one that comes twice.
 */
export function findQuietEnd(zone: Zone, quiet: QuietHours, now: Instant): Instant {
  let at = now;
  while (isQuiet(zone, quiet, at)) {
    const end = at + untilMinute(zone, at, quiet.to);
    const change = zone.offsets.find((offset) => offset.from > at)?.from ?? Number.POSITIVE_INFINITY;
    at = Math.min(end, change);
  }
  return at;
}

/** How long until the clock shows `minute`, if no change of the clocks comes before. */
function untilMinute(zone: Zone, at: Instant, minute: number): number {
  const readingNow = minuteOfDay(zone, at) * MINUTE + (((at % MINUTE) + MINUTE) % MINUTE);
  const left = minute * MINUTE - readingNow;
  return left > 0 ? left : left + DAY;
}
