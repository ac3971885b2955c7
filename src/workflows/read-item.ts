import { classifyEvent, toText } from '../domain/event.ts';
import { MAX_EVENT_BYTES, MAX_EVENT_NAME, MAX_MESSAGE_ID } from '../domain/event-limits.ts';
import { isReservedMessageId } from '../domain/message-id.ts';
import type { DirectRefusal } from '../domain/protocol.ts';
import { readTicket, SIGNAL_SOURCE } from '../domain/ticket.ts';
import { parseInstant, readTime } from '../domain/time/read-time.ts';
import { iso } from '../domain/time/time.ts';
import { describeFlaw, excerpt, inspectValue } from '../domain/values/inspect-value.ts';
import { isPlaceholder } from '../domain/values/placeholder.ts';
import type { EventNotice, TicketNotice } from './messages.ts';

/** Characters of a refused item that are kept. The next run may have to carry many of them. */
const KEPT_CHARS = 4_000;

/** One item of a signal: a notice, or the reason for which it is no event. */
export type ReadItem = { notice: EventNotice } | { refusal: DirectRefusal };

/**
 * Reads one item of a signal. Any client may send it, so whatever the log could not hold is refused here, before a
 * payload or a statement has to carry it: nesting without bound, text that Postgres cannot store, long ids, size.
 *
 * An item that the relay sends has a sequence number and no properties; every other is an event of its own. Its kind
 * follows from its name, not from the sender.
 *
 * @param mintId returns the message id of an item without one, from the item as JSON
 */
export function readItem(item: unknown, mintId: (content: string) => string): ReadItem {
  const flaw = inspectValue(item);
  if (flaw !== null) return refuse(item, flaw, describeFlaw(flaw), mintId(excerpt(item, KEPT_CHARS)));
  const content = JSON.stringify(item) ?? 'null';
  const reject = (code: string, reason: string) => refuse(item, code, reason, mintId(content));
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return reject('not_an_object', 'an event must be a JSON object');
  const { name, at, seq, messageId, properties, ticket } = item as Partial<TicketNotice>;
  if (typeof name !== 'string' || name === '' || name.length > MAX_EVENT_NAME)
    return reject('invalid_event_name', `an event needs name, a string of 1 to ${MAX_EVENT_NAME} characters`);
  if (measureBytes(content) > MAX_EVENT_BYTES)
    return reject('event_too_large', `an event may have ${MAX_EVENT_BYTES / 1024} KB`);
  // Numbers of the log are positive.
  const isLogged = isSequenceNumber(seq) && properties === undefined;
  const ownId = toText(messageId);
  const given = ownId === undefined || isPlaceholder(ownId) ? undefined : ownId;
  if (given !== undefined && given.length > MAX_MESSAGE_ID)
    return reject('message_id_too_long', `messageId may have ${MAX_MESSAGE_ID} characters`);
  if (!isLogged && given !== undefined && isReservedMessageId(given))
    return reject(
      'reserved_message_id',
      'messageId has a prefix that Throughline reserves for its own events',
    );

  const base = { name, at: iso(readTime(at) ?? Date.now()), messageId: given ?? mintId(content) };
  const short = readShortTicket(ticket);
  const full = { ...base, properties: isObject(properties) ? properties : describeTicket(short) };
  return { notice: addKind(isLogged ? { ...base, seq } : full, isLogged ? short : readFullTicket(full)) };
}

function addKind(base: Omit<EventNotice, 'kind'>, ticket: TicketNotice['ticket'] | undefined): EventNotice {
  const kind = classifyEvent(base.name);
  if (kind !== 'ticket') return { ...base, kind };
  return ticket ? { ...base, kind, ticket } : { ...base, kind: 'behaviour' };
}

/** Refuses a signal that holds no list of events. */
export function refuseSignal(signal: unknown, mintId: (content: string) => string): DirectRefusal {
  const content = excerpt(signal, KEPT_CHARS);
  const reason = 'a signal must be an object with a list of events';
  return { messageId: mintId(content), code: 'invalid_signal', reason, body: content };
}

function refuse(item: unknown, code: string, reason: string, minted: string): { refusal: DirectRefusal } {
  const given = isObject(item) ? toText(item.messageId) : undefined;
  const messageId = given?.slice(0, MAX_MESSAGE_ID) ?? minted;
  return { refusal: { messageId, code, reason, body: excerpt(item, KEPT_CHARS) } };
}

/** The short form in which the relay announces a ticket of the log. */
function readShortTicket(
  ticket: Partial<TicketNotice['ticket']> | undefined,
): TicketNotice['ticket'] | undefined {
  if (typeof ticket?.id !== 'string' || typeof ticket.version !== 'number') return undefined;
  const { id, source, status, severity, version } = ticket;
  return {
    id,
    source: toText(source) ?? SIGNAL_SOURCE,
    status: status === 'closed' ? 'closed' : 'open',
    severity: toText(severity) ?? 'normal',
    version,
  };
}

/** The properties of a direct event that carries a ticket in the short form only. */
function describeTicket(ticket: TicketNotice['ticket'] | undefined): Record<string, unknown> {
  if (!ticket) return {};
  const { id, source, status, severity, version } = ticket;
  return { ticket_id: id, source, status, severity, updated_at: version };
}

function readFullTicket({
  name,
  properties,
  ...notice
}: Pick<EventNotice, 'name' | 'at'> & { properties: Record<string, unknown> }):
  | TicketNotice['ticket']
  | undefined {
  const at = parseInstant(notice.at);
  const full = readTicket({ name, properties, at, acceptedAt: at, seq: 0, source: SIGNAL_SOURCE });
  if (!full) return undefined;
  const { id, source, status, severity, version } = full;
  return { id, source, status, severity, version };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSequenceNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** Bytes of a text in UTF-8. */
export function measureBytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A half of a surrogate pair: a pair has four bytes.
    if (unit >= 0xd800 && unit < 0xe000) bytes += 1;
    else if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
  }
  return bytes;
}
