import { type Instant, type Millis, toDate } from '../../domain/time/time.ts';
import { readOffsetName } from '../../domain/time/zone-name.ts';

/** How sentences write times: a language tag, a zone, and the current instant, which decides whether a date is needed. */
export interface TimeStyle {
  /** A BCP 47 tag, such as `en-GB`. */
  locale: string;
  /** An IANA name, or an offset such as `UTC+02:00`. Unknown names count as UTC. */
  zone: string;
  now: Instant;
}

/** Writes instants in one zone. */
export interface TimeFormatter {
  /** The zone that is used. */
  zone: string;
  /** `15:23`; of another day `Mon 30 Nov, 15:23`; of another year with the year. */
  format(at: Instant): string;
  /** A calendar day, `2026-11-29`, as `29 Nov`; of another year with the year. Other texts stay as they are. */
  formatDay(day: string): string;
  /** `2026-11-29 15:23:05`: for lines in the order of time. */
  stamp(at: Instant): string;
}

const DAY_FORM = /^(\d{4})-(\d\d)-(\d\d)$/;
/** The range of JavaScript's dates. */
const LAST: Instant = 8.64e15;

export function createTimeFormatter({ locale, zone: requested, now }: TimeStyle): TimeFormatter {
  const { zone, intlZone, shift } = resolveZone(requested);
  const of = (options: Intl.DateTimeFormatOptions, tag = locale) =>
    new Intl.DateTimeFormat(tag, { timeZone: intlZone, ...options });
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  const time = of(clock);
  const date = of(day);
  const dateOfYear = of({ ...day, year: 'numeric' });
  // This locale writes dates as ISO 8601 does.
  const iso = of({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA');
  const seconds = of({ ...clock, second: '2-digit' }, 'en-GB');
  const isoDate = (at: Instant) => iso.format(toLocal(at));
  const toLocal = (at: Instant) => toDate(Math.min(Math.max(at + shift, -LAST), LAST));
  const today = isoDate(now);
  return {
    zone,
    format(at) {
      const written = isoDate(at);
      if (written === today) return time.format(toLocal(at));
      const sameYear = written.slice(0, 4) === today.slice(0, 4);
      return `${(sameYear ? date : dateOfYear).format(toLocal(at)).replaceAll(',', '')}, ${time.format(toLocal(at))}`;
    },
    formatDay(day) {
      const [year, month, date] = (DAY_FORM.exec(day) ?? []).slice(1).map(Number) as [number, number, number];
      const at = toDate(Date.UTC(year, month - 1, date));
      // Other texts, and 31 February.
      if (at.getUTCDate() !== date) return day;
      const ofYear = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
      return new Intl.DateTimeFormat(locale, {
        timeZone: 'UTC',
        day: 'numeric',
        month: 'short',
        ...ofYear,
      }).format(at);
    },
    stamp: (at) => `${isoDate(at)} ${seconds.format(toLocal(at))}`,
  };
}

/** Older browsers and Node 20 know no offsets as zones, so an offset is added to the instant. */
function resolveZone(name: string): { zone: string; intlZone: string; shift: Millis } {
  const offset = readOffsetName(name);
  if (offset !== undefined) return { zone: name, intlZone: 'UTC', shift: offset };
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return { zone: name, intlZone: name, shift: 0 };
  } catch {
    return { zone: 'UTC', intlZone: 'UTC', shift: 0 };
  }
}
