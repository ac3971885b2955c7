import type { Rejection } from '../../db/events/save-rejected.ts';
import type { IncomingEvent } from '../app/intake/incoming-event.ts';
import { type CallType, toText } from '../domain/event.ts';
import { readTime } from './event-time.ts';
import { excerpt, inspectValue, MAX_DEPTH } from './inspect-value.ts';
import type { JsonScan } from './scan-json.ts';
import { type Envelope, isParseRefusal, type ParseRefusal, parseCall } from './segment.ts';

/** The limits of Segment's specification. */
const MAX_EVENT_BYTES = 32 * 1024;
const MAX_BATCH_BYTES = 500 * 1024;
const MAX_BATCH_EVENTS = 2_500;

const MAX_KEPT_CHARS = 64_000;

/** The events of one request, and the rejections of those that can't be accepted. */
export interface ParsedBody {
  events: IncomingEvent[];
  rejections: Rejection[];
}

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
    return parseAll([body], call, scan, { ...envelope, sentAt });
  }
  const { batch, sentAt, historical } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(batch)) return { code: 'invalid_batch', reason: 'batch must be an array of events' };
  if (bytes > MAX_BATCH_BYTES) return { code: 'batch_too_large', reason: 'a batch may have 500 KB' };
  if (batch.length > MAX_BATCH_EVENTS)
    return { code: 'batch_too_long', reason: `a batch may have ${MAX_BATCH_EVENTS} events` };
  return parseAll(batch, null, scan, {
    ...envelope,
    sentAt: readTime(sentAt),
    historical: envelope.historical || historical === true,
  });
}

function parseAll(batch: unknown[], type: CallType | null, scan: JsonScan, envelope: Envelope): ParsedBody {
  const parsed: ParsedBody = { events: [], rejections: [] };
  // If the whole body is shallow and holds no suspicious escapes, its events need no inspection.
  const inspect = scan.suspicious || scan.depth > MAX_DEPTH;
  const checkSize = type === null && scan.largest > MAX_EVENT_BYTES;
  for (const raw of batch) {
    const flaw = inspect ? findFlaw(raw) : null;
    const oversized = flaw === null && checkSize && isTooLarge(raw);
    const event = flaw ?? (oversized ? TOO_LARGE : parseCall(raw, type, envelope));
    if (isParseRefusal(event)) parsed.rejections.push(buildRejection(raw, event, envelope, flaw !== null));
    else parsed.events.push(event);
  }
  return parsed;
}

const TOO_LARGE: ParseRefusal = { code: 'event_too_large', reason: 'an event may have 32 KB' };

function findFlaw(raw: unknown): ParseRefusal | null {
  const flaw = inspectValue(raw);
  if (flaw === null) return null;
  if (flaw === 'too_deep') return { code: flaw, reason: `nested deeper than ${MAX_DEPTH} levels` };
  return { code: flaw, reason: 'a string holds U+0000 or half a surrogate pair' };
}

function isTooLarge(raw: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(raw) ?? '') > MAX_EVENT_BYTES;
}

/** A flawed event may be nested without bound, so only its upper levels are kept. */
function buildRejection(raw: unknown, refusal: ParseRefusal, envelope: Envelope, flawed: boolean): Rejection {
  const messageId = toText((raw as { messageId?: unknown } | null)?.messageId);
  return {
    workspace: envelope.workspace,
    messageId: messageId?.slice(0, 255) ?? null,
    source: envelope.source,
    ...refusal,
    body: flawed ? excerpt(raw, MAX_KEPT_CHARS) : JSON.stringify(raw).slice(0, MAX_KEPT_CHARS),
  };
}
