import { createHash } from 'node:crypto';
import { EVENT, toText } from '../../domain/event.ts';
import { readFactId } from '../../domain/fact-id.ts';
import { readTicketStatus, type StatusWords, TICKET_STATUSES } from '../../domain/ticket-status.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { isPlaceholder } from '../../domain/values/placeholder.ts';
import { foldWord } from '../../domain/values/word.ts';
import type { Fields } from './json-body.ts';
import type { SettingsProblem, SourceSettings, WebhookMessage } from './webhook-kind.ts';

/** A person as a help desk knows them. */
export interface Requester {
  /** Ids at the help desk; two where it has merged two persons. */
  ids: readonly (string | undefined)[];
  /** Our own id, if the help desk was given it. */
  userId?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  name?: string | undefined;
}

/** One message of a help desk, of which all calls have the same sender, time and id. */
export interface Delivery {
  /** Type of the external ids: the vendor. */
  vendor: string;
  /** The vendor's id of the message. */
  id: string;
  /** When the object that it is about was changed. Undefined: nobody says, so the time of the receipt counts. */
  at: Instant | undefined;
}

/** Whether something names the requester, or the source's own `customer` does. */
export function isIdentified(
  { ids, userId, email, phone }: Requester,
  { customer }: SourceSettings,
): boolean {
  return [...ids, userId, email, phone, ...Object.values(customer)].some((id) => id !== undefined);
}

/** A `track` call about the requester. */
export function trackCall(
  delivery: Delivery,
  requester: Requester,
  event: string,
  properties: Fields,
  more: { suffix?: string; groupId?: string | undefined } = {},
): WebhookMessage {
  const { email } = requester;
  return call(delivery, requester, more.suffix, {
    type: 'track',
    event,
    properties: dropAbsent(properties),
    context: dropAbsent({
      traits: email === undefined ? undefined : { email },
      groupId: more.groupId,
    }),
  });
}

/**
 * An `identify` call with everything that the help desk knows of the person, which makes one customer of those that the
 * ids lead to. Its message id is made of its content, so that it is accepted once, however many tickets repeat it.
 */
export function identifyCall(delivery: Delivery, requester: Requester): WebhookMessage {
  const { email, phone, name } = requester;
  const content = digest([requester.ids, requester.userId, email, phone, name]);
  return call({ ...delivery, id: `person:${content}` }, requester, undefined, {
    type: 'identify',
    traits: dropAbsent({ email, phone, name }),
  });
}

/** That call, if the requester has more than one name to connect. */
export function connectNames(delivery: Delivery, requester: Requester): WebhookMessage[] {
  const { ids, userId, email, phone } = requester;
  const names = [...ids, userId, email, phone].filter((id) => id !== undefined);
  return names.length > 1 ? [identifyCall(delivery, requester)] : [];
}

function call(
  { vendor, id, at }: Delivery,
  { ids, userId }: Requester,
  suffix: string | undefined,
  fields: Fields & { context?: Fields },
): WebhookMessage {
  const externalIds = ids.flatMap((own) => (own === undefined ? [] : [{ type: vendor, id: own }]));
  return {
    kind: 'call',
    call: {
      ...fields,
      messageId: suffix === undefined ? id : `${id}:${suffix}`,
      ...dropAbsent({ userId, timestamp: at === undefined ? undefined : iso(at) }),
      context: { ...fields.context, ...(externalIds.length === 0 ? {} : { externalIds }) },
    },
  };
}

/** What a report says of the state of its ticket. */
export interface StatusReport {
  /** The help desk's word. */
  status: unknown;
  /** The word before, if the report says it. */
  previous?: unknown;
  /** The report is about the beginning of the ticket. */
  isNew?: boolean;
}

/** Names a report by what it changes, so that no update counts as another opening or closing. */
export function nameTicketEvent({ status, previous, isNew }: StatusReport, words: StatusWords): string {
  const now = readTicketStatus(status, words);
  if (isNew) return now === 'closed' ? EVENT.ticketClosed : EVENT.ticketOpened;
  const before = readTicketStatus(previous, words);
  if (now === 'closed' && before !== 'closed') return EVENT.ticketClosed;
  if (now === 'open' && before === 'closed') return EVENT.ticketOpened;
  return EVENT.ticketUpdated;
}

/** The help desk's word in lower case, or `open` and `closed` for a word that only the source's settings explain. */
export function readStatus(status: unknown, words: StatusWords): string | undefined {
  const word = foldWord(status);
  return Object.hasOwn(words, word) ? words[word] : readWord(status);
}

/** `settings.statuses` of a help desk: the words of its own that say open or closed. */
export function readStatusWords({ settings }: SourceSettings): StatusWords {
  const { statuses } = settings;
  if (!isObject(statuses)) return {};
  const words = Object.entries(statuses).map(([word, status]) => [foldWord(word), status]);
  return Object.fromEntries(words) as StatusWords;
}

/** Checks the settings of a help desk. */
export function checkHelpDeskSettings(settings: Readonly<Fields>): SettingsProblem[] {
  const unknown = Object.keys(settings)
    .filter((name) => name !== 'statuses')
    .map((path) => ({ path, message: 'is not a setting of a help desk: it has statuses' }));
  const { statuses } = settings;
  if (statuses === undefined) return unknown;
  if (!isObject(statuses))
    return [...unknown, { path: 'statuses', message: 'must name the state of each word: {"6": open}' }];
  const wrong = Object.entries(statuses)
    .filter(([, status]) => !(TICKET_STATUSES as readonly unknown[]).includes(status))
    .map(([word]) => ({ path: `statuses.${word}`, message: `must be ${TICKET_STATUSES.join(' or ')}` }));
  return [...unknown, ...wrong];
}

/** A text or number that says something: no blank, no dash, no placeholder that nobody filled. */
export function readValue(value: unknown): string | undefined {
  const text = toText(value)?.trim();
  if (text === undefined || text === '' || text === '-' || UNFILLED.test(text)) return undefined;
  return text;
}

const UNFILLED = /^\{\{.*\}\}$/s;

/** An id, as text. */
export function readOwnId(value: unknown): string | undefined {
  const id = readFactId(readValue(value));
  return id === undefined || isPlaceholder(id) ? undefined : id;
}

/** A word in lower case, with spaces for underscores: `ON_HOLD` is `on hold`. */
export function readWord(value: unknown): string | undefined {
  return readValue(value)?.toLowerCase().replaceAll('_', ' ');
}

/** Tags, as a list or as a text with blanks or commas between them. */
export function readTags(value: unknown): string[] | undefined {
  const tags = Array.isArray(value) ? value.map(readValue) : (readValue(value)?.split(/[\s,]+/) ?? []);
  const named = tags.filter((tag) => tag !== undefined && tag !== '') as string[];
  return named.length === 0 ? undefined : named;
}

/**
 * What somebody added to the template: properties of the event, such as a field of the ticket's form.
 * @param own the fields of the template
 */
export function readFurtherFields(fields: Fields, own: Readonly<Fields>): Fields {
  const further = Object.entries(fields)
    .filter(([name]) => !Object.hasOwn(own, name))
    .map(([name, value]) => [name, typeof value === 'boolean' ? value : readValue(value)])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(further.slice(0, MOST_FURTHER));
}

const MOST_FURTHER = 50;

/** A short digest of what makes a message, for vendors that give it no id. */
export function digest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
}

/** The fields that have a value. */
function dropAbsent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
