import type { Bundle } from '../../domain/definition.ts';
import { DAY, type Millis } from '../../domain/time/time.ts';
import type { Problem } from '../source/problem.ts';

/** Warns of conditions that count events for longer than the operator keeps them: they make all events be kept longer. */
export function adviseRetention(
  { interest }: Pick<Bundle, 'interest'>,
  keptEventsMs: Millis | null,
): Problem[] {
  if (keptEventsMs === null) return [];
  const kept = Math.floor(keptEventsMs / DAY);
  return Object.entries(interest.windows)
    .filter(([, days]) => days > kept)
    .map(([name, days]) => ({
      file: '',
      path: '',
      message: `a condition counts '${name}' within ${days} days, but RETAIN_EVENTS is ${kept} days: events are kept for longer because of it`,
    }));
}
