import type { Rejection } from '../../db/events/save-rejected.ts';
import { hashIdentity } from '../app/identity/resolve-identities.ts';
import type { IncomingEvent } from '../app/intake/incoming-event.ts';
import { digestRejected } from '../app/intake/rejection.ts';
import { MAX_EVENT_BYTES, MAX_KEPT_CHARS, MAX_MESSAGE_ID } from '../domain/event-limits.ts';
import type { ReceivedEvent } from '../domain/received-form.ts';
import { describeFlaw, excerpt, inspectValue, MAX_DEPTH } from '../domain/values/inspect-value.ts';
import { readNamedIdentities } from './named-identities.ts';
import type { JsonScan } from './scan-json.ts';
import { type Envelope, isParseRefusal, type ParseRefusal } from './segment.ts';

/** The events of one request, and the rejections of those that can't be accepted. */
export interface ParsedBody {
  events: IncomingEvent[];
  rejections: Rejection[];
}

/** How one kind of sender writes an event. */
export interface EventFormat {
  parse(raw: unknown, envelope: Envelope): IncomingEvent | ParseRefusal;
  /** The message id, for the list of rejected events. */
  readMessageId(raw: unknown): string | undefined;
  /** How it was received, apart from the envelope: for reading a refused event again. */
  form: Pick<ReceivedEvent, 'format' | 'call'>;
}

const TOO_LARGE: ParseRefusal = { code: 'event_too_large', reason: 'an event may have 32 KB' };

/**
 * Parses the events of one request. A bad event is rejected alone and never fails its batch.
 *
 * @param inBatch whether each event has to be measured; a single call is measured as a whole
 */
export function parseAll(
  batch: unknown[],
  format: EventFormat,
  scan: JsonScan,
  envelope: Envelope,
  inBatch: boolean,
): ParsedBody {
  const parsed: ParsedBody = { events: [], rejections: [] };
  // If the whole body is shallow and holds no suspicious escapes, its events need no inspection.
  const inspect = scan.suspicious || scan.depth > MAX_DEPTH;
  const checkSize = inBatch && scan.largest > MAX_EVENT_BYTES;
  for (const raw of batch) {
    const flaw = inspect ? findFlaw(raw) : null;
    const oversized = flaw === null && checkSize && isTooLarge(raw);
    const event = flaw ?? (oversized ? TOO_LARGE : format.parse(raw, envelope));
    if (isParseRefusal(event)) {
      const messageId = format.readMessageId(raw)?.slice(0, MAX_MESSAGE_ID) ?? null;
      parsed.rejections.push(buildRejection(raw, messageId, event, envelope, format, flaw !== null));
    } else parsed.events.push(event);
  }
  return parsed;
}

/** What makes a value unfit to be stored or walked. */
export function findFlaw(raw: unknown): ParseRefusal | null {
  const flaw = inspectValue(raw);
  return flaw === null ? null : { code: flaw, reason: describeFlaw(flaw) };
}

function isTooLarge(raw: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(raw) ?? '') > MAX_EVENT_BYTES;
}

/** A flawed event may be nested without bound, so only its upper levels are kept. */
function buildRejection(
  raw: unknown,
  messageId: string | null,
  refusal: ParseRefusal,
  envelope: Envelope,
  { form }: EventFormat,
  flawed: boolean,
): Rejection {
  const { workspace, source, receivedAt, sentAt, historical, fromBrowser = false } = envelope;
  const whole = flawed ? null : JSON.stringify(raw);
  const isWhole = whole !== null && whole.length <= MAX_KEPT_CHARS;
  return {
    workspace,
    messageId,
    source,
    ...refusal,
    body: whole?.slice(0, MAX_KEPT_CHARS) ?? excerpt(raw, MAX_KEPT_CHARS),
    content: digestRejected({ code: refusal.code, messageId, said: leaveOutNoise(raw, messageId) }),
    identities: readNamedIdentities(raw).map((identity) => hashIdentity({ workspace, ...identity })),
    received: isWhole ? { ...form, receivedAt, sentAt: sentAt ?? null, historical, fromBrowser } : null,
  };
}

/** What a library may change when it sends an event again. Without a message id, the context tells two events apart. */
function leaveOutNoise(raw: unknown, messageId: string | null): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const {
    sentAt: _,
    receivedAt: __,
    writeKey: ___,
    _metadata,
    integrations,
    context,
    ...said
  } = raw as {
    [key: string]: unknown;
  };
  return messageId === null ? { ...said, context } : said;
}
