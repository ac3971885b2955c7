import type { Period } from '../../app/reports/report-deps.ts';
import { parseInstant } from '../../domain/time/read-time.ts';
import { DAY, type Instant, iso } from '../../domain/time/time.ts';
import { HttpError } from '../frame/http-error.ts';

const LONGEST = 366;
const USUAL = 90;

/**
 * The period of a report.
 * @param now the end of "the last 90 days": journey time or wall clock
 * @param place path of `from` and `to` in the request; empty: the body
 * @throws HttpError 400 `invalid_period`
 */
export function parsePeriod(
  query: { from?: string | undefined; to?: string | undefined },
  now: Instant,
  place: 'query.' | '' = 'query.',
): Period {
  const to = query.to === undefined ? Math.floor(now / DAY) * DAY + DAY : parseInstant(query.to);
  const from = query.from === undefined ? to - USUAL * DAY : parseInstant(query.from);
  const days = (to - from) / DAY;
  if (days > 0 && days <= LONGEST) return { from, to };
  const detail =
    days > 0
      ? `the period has ${days} days: at most ${LONGEST}`
      : `the period is empty: it ends (${iso(to).slice(0, 10)}) before it has begun`;
  throw new HttpError(400, 'invalid_period', detail, {
    errors: [{ path: `${place}${query.from === undefined ? 'to' : 'from'}`, code: 'invalid_period', detail }],
  });
}

export function toPeriodView({ from, to }: Period): { from: string; to: string } {
  return { from: iso(from), to: iso(to) };
}
