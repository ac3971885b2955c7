import { type CallType, toText } from '../domain/event.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '../domain/event-limits.ts';
import { readTime } from '../domain/time/read-time.ts';
import { noteTimes } from './event-time.ts';
import { type EventFormat, type ParsedBody, parseAll } from './parse-all.ts';
import type { JsonScan } from './scan-json.ts';
import { type Envelope, type ParseRefusal, parseCall } from './segment.ts';

/** What the context of a batch may say for all of its events: it describes the sender, and never a customer. */
const SENDER_KEYS = ['library', 'app', 'os', 'device'] as const;

/**
 * Parses the body of one call or of a batch. A bad event is rejected alone and never fails its batch.
 *
 * @param bytes size of the body
 * @returns the events, or a refusal when the request as a whole is unreadable
 */
export function parseBody(
  body: unknown,
  call: CallType | 'batch',
  scan: JsonScan,
  bytes: number,
  envelope: Omit<Envelope, 'sentAt'>,
): ParsedBody | ParseRefusal {
  if (call !== 'batch') {
    if (bytes > MAX_EVENT_BYTES) return { code: 'event_too_large', reason: 'an event may have 32 KB' };
    const sentAt = readTime((body as { sentAt?: unknown } | null)?.sentAt);
    return parseAll([body], createCallFormat(call), scan, { ...envelope, sentAt }, false);
  }
  const { batch, sentAt, historical, context } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(batch)) return { code: 'invalid_batch', reason: 'batch must be an array of events' };
  if (bytes > MAX_BATCH_BYTES) return { code: 'batch_too_large', reason: 'a batch may have 500 KB' };
  if (batch.length > MAX_BATCH_EVENTS)
    return { code: 'batch_too_long', reason: `a batch may have ${MAX_BATCH_EVENTS} events` };
  const shared: Envelope = {
    ...envelope,
    sentAt: readTime(sentAt),
    notes: noteTimes({ sentAt }),
    historical: envelope.historical || historical === true,
    sender: readSender(context),
  };
  return parseAll(batch, createCallFormat(null), scan, shared, true);
}

/** @param type the type that the path names; null in a batch, where each event names its own */
export function createCallFormat(type: CallType | null): EventFormat {
  return {
    form: { format: 'segment', call: type },
    parse: (raw, envelope) => parseCall(raw, type, envelope),
    readMessageId: (raw) => toText((raw as { messageId?: unknown } | null)?.messageId),
  };
}

/** Segment's Java library names itself once per batch. A batch holds events of many customers. */
function readSender(context: unknown): Record<string, unknown> | undefined {
  if (typeof context !== 'object' || context === null) return undefined;
  const named = SENDER_KEYS.filter((key) => key in context).map(
    (key) => [key, (context as Record<string, unknown>)[key]] as const,
  );
  return named.length === 0 ? undefined : Object.fromEntries(named);
}
