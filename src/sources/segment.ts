import { randomUUID } from 'node:crypto';
import type { IncomingEvent } from '../app/intake/incoming-event.ts';
import { normaliseEmailAddress } from '../domain/customer/email-address.ts';
import { readPhoneKey } from '../domain/customer/phone-number.ts';
import { CALL_NAMES, CALL_TYPES, type CallType, EVENT, toText } from '../domain/event.ts';
import { MAX_EVENT_NAME, MAX_MESSAGE_ID } from '../domain/event-limits.ts';
import { isReservedMessageId } from '../domain/message-id.ts';
import type { Note } from '../domain/note.ts';
import { isReservedName } from '../domain/reserved-name.ts';
import type { Instant } from '../domain/time/time.ts';
import { isObject, readObject } from '../domain/values/json-object.ts';
import { noteTimes, readEventTime } from './event-time.ts';
import { noteShapes } from './note-shapes.ts';
import { identifyAddress, identifyNumber, readId, readIds } from './read-ids.ts';
import { isCallName, qualifySource } from './reserved.ts';
import { translateConsent } from './rudderstack-consent.ts';

/** The properties that all events of one request share. */
export interface Envelope {
  workspace: string;
  /** Wall clock time of the receipt. */
  receivedAt: Instant;
  /** The client's clock when it sent the request. */
  sentAt: Instant | undefined;
  /** What can't be read of the request itself. */
  notes?: readonly Note[];
  historical: boolean;
  source: string;
  /** It was sent with a browser key. */
  fromBrowser?: true;
  /** What the request says about its sender: part of the context of each event that does not say it itself. */
  sender?: Record<string, unknown> | undefined;
}

/** Why an event or a request is refused. */
export interface ParseRefusal {
  /** Stable, in lower_snake. */
  code: string;
  reason: string;
}

const MAX_USER_ID = 512;
/** Maximum number of external ids in one call. */
const MAX_EXTERNAL_IDS = 10;
const MAX_EXTERNAL_TYPE = 64;
/** Maximum length of values that become part of a database key: a ticket's id, a purpose, a channel, a topic. */
const MAX_KEY = 255;

const TYPES: ReadonlySet<unknown> = new Set(CALL_TYPES);
const EMPTY: Record<string, unknown> = Object.freeze({});

/**
 * Parses one call of Segment's specification. It is as lenient as Segment: a property of a wrong type counts as absent
 * where nothing that matters is lost. The parser is hand-written because it runs tens of thousands of times a second.
 *
 * @param type the type that the path names; null in a batch, where each event names its own
 * @returns the event, or the reason for refusing it
 */
export function parseCall(
  raw: unknown,
  type: CallType | null,
  envelope: Envelope,
): IncomingEvent | ParseRefusal {
  if (!isObject(raw)) return refuse('not_an_object', 'an event must be a JSON object');
  const call = (type ?? raw.type) as CallType;
  if (!TYPES.has(call)) return refuse('unknown_type', `type must be one of ${CALL_TYPES.join(', ')}`);

  const ownContext = translateConsent(readObject(raw.context));
  const context = envelope.sender === undefined ? ownContext : { ...envelope.sender, ...ownContext };
  const { messageId, userId, anonymousId, previousId, groupId, notes: noted } = readIds(raw, call, context);
  if (messageId !== undefined && messageId.length > MAX_MESSAGE_ID)
    return refuse('message_id_too_long', `messageId may have ${MAX_MESSAGE_ID} characters`);
  if (messageId !== undefined && isReservedMessageId(messageId))
    return refuse(
      'reserved_message_id',
      'messageId has a prefix that Throughline reserves for its own events',
    );

  const name = call === 'track' ? raw.event : CALL_NAMES[call];
  if (typeof name !== 'string' || name === '' || name.length > MAX_EVENT_NAME)
    return refuse('invalid_event_name', `track needs event, a string of 1 to ${MAX_EVENT_NAME} characters`);
  if (call === 'track' && (isReservedName(name) || isCallName(name)))
    return refuse('reserved_event', `${name} is an event that only Throughline itself emits`);

  const traits = readObject(raw.traits);
  const properties = readProperties(raw, call);
  const email = identifyAddress(readEmail(call, name, traits, context, properties), noted);
  const phone = identifyNumber(readPhone(call, traits, context), noted);
  const externalIds = readExternalIds(context.externalIds, noted);
  if (externalIds === null)
    return refuse(
      'invalid_external_ids',
      `context.externalIds is a list of up to ${MAX_EXTERNAL_IDS} {id, type}; type may have ${MAX_EXTERNAL_TYPE} characters, id ${MAX_USER_ID}`,
    );
  const weakIdentity = email ?? phone ?? externalIds?.[0];
  if (userId === undefined && anonymousId === undefined && weakIdentity === undefined)
    return refuse(
      'no_identity',
      `userId or anonymousId is needed${describePlaceholders([...(envelope.notes ?? []), ...noted])}`,
    );
  const longest = Math.max(...[userId, anonymousId, previousId, groupId].map((id) => id?.length ?? 0));
  if (longest > MAX_USER_ID)
    return refuse(
      'id_too_long',
      `userId, anonymousId, previousId and groupId may have ${MAX_USER_ID} characters`,
    );
  const overlong = findOverlongKey(name, properties, context);
  if (overlong !== null) return refuse('key_too_long', `${overlong} may have ${MAX_KEY} characters`);

  const notes = [...(envelope.notes ?? []), ...noted, ...noteTimes(raw), ...noteShapes(raw, call)];
  return {
    workspace: envelope.workspace,
    messageId: messageId ?? randomUUID(),
    type: call,
    name,
    userId,
    anonymousId,
    email,
    ...(phone === undefined ? EMPTY : { phone }),
    ...(externalIds === undefined ? EMPTY : { externalIds }),
    ...(previousId === undefined ? EMPTY : { previousId }),
    at: readEventTime(raw, envelope),
    historical: envelope.historical || raw.historical === true || context.historical === true,
    source: qualifySource(envelope.source),
    properties,
    traits,
    context,
    ...(envelope.fromBrowser === undefined ? EMPTY : { fromBrowser: true }),
    ...(notes.length === 0 ? EMPTY : { notes }),
  };
}

export function isParseRefusal<T extends object>(parsed: T | ParseRefusal): parsed is ParseRefusal {
  return 'code' in parsed;
}

function refuse(code: string, reason: string): ParseRefusal {
  return { code, reason };
}

/** Copies what the other calls hold at their top level into the properties, where conditions can read it. */
function readProperties(raw: Record<string, unknown>, call: CallType): Record<string, unknown> {
  const properties = readObject(raw.properties);
  switch (call) {
    case 'page':
    case 'screen':
      if (raw.name === undefined && raw.category === undefined) return properties;
      return {
        ...properties,
        ...(raw.name === undefined ? EMPTY : { name: raw.name }),
        ...(raw.category === undefined ? EMPTY : { category: raw.category }),
      };
    case 'group':
      return { ...properties, groupId: raw.groupId ?? null };
    case 'alias':
      return { ...properties, previousId: raw.previousId ?? null };
    default:
      return properties;
  }
}

/** Reads the customer's address. In a ticket event also the ticket's own, because help desks often know only that. */
function readEmail(
  call: CallType,
  name: string,
  traits: Record<string, unknown>,
  context: Record<string, unknown>,
  properties: Record<string, unknown>,
): string | undefined {
  const ownTrait = call === 'identify' ? traits.email : undefined;
  const contextTrait = isObject(context.traits) ? context.traits.email : undefined;
  return (
    normaliseEmailAddress(ownTrait) ??
    normaliseEmailAddress(contextTrait) ??
    (isTicket(name)
      ? (normaliseEmailAddress(properties.email) ?? normaliseEmailAddress(traits.email))
      : undefined)
  );
}

/** Reads the customer's phone number, normalised for comparison. */
function readPhone(
  call: CallType,
  traits: Record<string, unknown>,
  context: Record<string, unknown>,
): string | undefined {
  const ownTrait = call === 'identify' ? readPhoneKey(traits.phone) : undefined;
  return ownTrait ?? (isObject(context.traits) ? readPhoneKey(context.traits.phone) : undefined);
}

/** Says which ids were there and identify nobody. */
function describePlaceholders(notes: readonly Note[]): string {
  const placeholders = notes.filter(({ code, value }) => code === 'placeholder_id' && value !== null);
  const ids = placeholders.map(({ field, value }) => `${field} "${value}"`);
  return ids.length === 0 ? '' : `: ${ids.join(', ')} identifies nobody`;
}

/**
 * Reads ids in other systems, as `{type}:{id}`. Null if any is unreadable: a lost id would split a customer in two. One
 * that identifies nobody counts as absent.
 */
function readExternalIds(value: unknown, notes: Note[]): string[] | undefined | null {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > MAX_EXTERNAL_IDS) return null;
  const ids = value.map((item) => {
    const [type, id] = isObject(item) ? [toText(item.type), toText(item.id)] : [];
    if (type === undefined || id === undefined) return undefined;
    if (type.length > MAX_EXTERNAL_TYPE || id.length > MAX_USER_ID || type.includes(':')) return undefined;
    return `${type}:${id}`;
  });
  if (ids.includes(undefined)) return null;
  const identifying = (ids as string[]).filter(
    (id) => readId(id.slice(id.indexOf(':') + 1), 'context.externalIds[].id', notes) !== undefined,
  );
  return identifying.length === 0 ? undefined : identifying;
}

/** Names the first value that is too long to be part of a database key, or returns null. */
function findOverlongKey(
  name: string,
  properties: Record<string, unknown>,
  context: Record<string, unknown>,
): string | null {
  if (isTicket(name)) return findOverlong(properties, ['ticket_id', 'ticketId']);
  if (name === EVENT.consentChanged) return findOverlong(properties, ['purpose', 'channel', 'topic']);
  const consent = context.consent as { categoryPreferences?: unknown } | null | undefined;
  if (typeof consent !== 'object' || consent === null || !isObject(consent.categoryPreferences)) return null;
  return Object.keys(consent.categoryPreferences).some((key) => key.length > MAX_KEY) ? 'a purpose' : null;
}

function findOverlong(properties: Record<string, unknown>, keys: string[]): string | null {
  return keys.find((key) => (toText(properties[key])?.length ?? 0) > MAX_KEY) ?? null;
}

function isTicket(name: string): boolean {
  return name === EVENT.ticketOpened || name === EVENT.ticketUpdated || name === EVENT.ticketClosed;
}
