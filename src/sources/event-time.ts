import type { Instant } from '../domain/time/time.ts';

/** 0001-01-01, the first day that both RFC 3339 and Postgres can represent. */
const FIRST_DAY = -62_135_596_800_000;

/** Parses RFC 3339 or a prefix of it. Undefined for other formats, even those that JavaScript would parse. */
export function readTime(value: unknown): Instant | undefined {
  if (typeof value !== 'string' || value.length < 10 || value.length > 40 || value[4] !== '-')
    return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * Computes when an event happened. The client's clock may be wrong, but it is wrong by the same amount when it sends. So
 * the age of the event at sending is subtracted from our time of receipt. The result is never later than the receipt,
 * and an unreadable time counts as the receipt.
 */
export function computeEventTime(
  timestamp: Instant | undefined,
  sentAt: Instant | undefined,
  receivedAt: Instant,
): Instant {
  if (timestamp === undefined) return receivedAt;
  const at = sentAt === undefined ? timestamp : receivedAt - (sentAt - timestamp);
  return at > receivedAt || at < FIRST_DAY ? receivedAt : at;
}
