/** Milliseconds since 1970-01-01T00:00:00Z. Journey time, unless a name says `wall`. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

const UNITS: Record<string, Millis> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** Parses `90s`, `15m`, `2h`, `3d` or `2w`; undefined for anything else. A day is always 24 hours. */
export function parseDuration(text: string): Millis | undefined {
  const match = /^(\d{1,6})([smhdw])$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * (UNITS[match[2] as string] as Millis);
}

/** RFC 3339, UTC, with milliseconds. */
export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** The instant as JavaScript's own type. Its argument is a number: JavaScript reads a text in the machine's zone. */
export function toDate(at: Instant): Date {
  return new Date(at);
}

/** Rounds up to a whole second, so that a timer never fires before its instant. */
export function ceilToSecond(at: Instant): Instant {
  return Math.ceil(at / SECOND) * SECOND;
}

/** The earliest of the given instants; null if there is none. */
export function earliest(...times: (Instant | null | undefined)[]): Instant | null {
  let first: Instant | null = null;
  for (const at of times) if (at !== null && at !== undefined && (first === null || at < first)) first = at;
  return first;
}

/** As HTTP headers write times (RFC 9110): whole seconds. */
export function toHttpDate(at: Instant): string {
  return new Date(at).toUTCString();
}
