import type { Instant } from '../domain/time/time.ts';

/** 0001-01-01, the first day that has a place both in RFC 3339 and in Postgres. */
const FIRST_DAY = -62_135_596_800_000;

/** Reads RFC 3339 or a prefix of it; undefined for anything else, however much JavaScript would make of it. */
export function readTime(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || value.length < 10 || value.length > 40 || value[4] !== '-')
    return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * When an event happened. The client's clock may be wrong, but it is wrong by as much when it sends; so what counts
 * is how long before its sending it happened. Never after receipt; a time that can't be read is that of receipt.
 */
export function eventTime(
  timestamp: Instant | undefined,
  sentAt: Instant | undefined,
  receivedAt: Instant,
): Instant {
  if (timestamp === undefined) return receivedAt;
  const at = sentAt === undefined ? timestamp : receivedAt - (sentAt - timestamp);
  return at > receivedAt || at < FIRST_DAY ? receivedAt : at;
}
