import { NO_NOTES, type Note, writeNote } from '../domain/note.ts';
import { FIRST_STAMP, isUnreadableTime, readTime } from '../domain/time/read-time.ts';
import type { Instant } from '../domain/time/time.ts';

/** Fields in which senders write times, as Segment names them. */
const TIME_FIELDS = ['timestamp', 'originalTimestamp', 'sentAt'] as const;

/** Reads when an event happened. */
export function readEventTime(
  raw: Record<string, unknown>,
  { sentAt, receivedAt }: { sentAt: Instant | undefined; receivedAt: Instant },
): Instant {
  const timestamp = readTime(raw.timestamp) ?? readTime(raw.originalTimestamp);
  return computeEventTime(timestamp, readTime(raw.sentAt) ?? sentAt, receivedAt);
}

/** Notes the times that can't be read: the event's, or those of a request. */
export function noteTimes(raw: Record<string, unknown>): readonly Note[] {
  let notes: readonly Note[] = NO_NOTES;
  for (const field of TIME_FIELDS)
    if (isUnreadableTime(raw[field])) notes = [...notes, writeNote('unreadable_time', field, raw[field])];
  return notes;
}

/**
 * Computes when an event happened. The client's clock may be wrong, but it is wrong by the same amount when it sends. So
 * the age of the event at sending is subtracted from our time of receipt. The result is never later than the receipt,
 * and an unreadable time counts as the receipt.
 */
function computeEventTime(
  timestamp: Instant | undefined,
  sentAt: Instant | undefined,
  receivedAt: Instant,
): Instant {
  if (timestamp === undefined) return receivedAt;
  const at = sentAt === undefined ? timestamp : receivedAt - (sentAt - timestamp);
  return at > receivedAt || at < FIRST_STAMP ? receivedAt : at;
}
