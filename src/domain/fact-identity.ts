import { isAccountEcho, type JourneyEvent } from './event.ts';
import { readFactId } from './fact-id.ts';
import { readTicket } from './ticket.ts';
import { DAY, type Instant } from './time/time.ts';
import { toCanonicalJson } from './values/canonical-json.ts';
import { REFUND_AMOUNTS } from './values/money.ts';
import { isAbsent } from './values/read-number.ts';

/**
 * What makes two events one fact, although they came as two messages. Senders tell a fact again after a crash, from a
 * second system, or with each synchronisation.
 *
 * - `once`: the fact has an id, and whatever has this id is the same fact: an order, a refund, a question.
 * - `soon`: the fact has no id of its own. The same content about the same order within {@link SOON} is the same fact;
 *   later it may be a second one, such as another attempt to pay.
 * - `version`: the event is one of several versions of a thing: a ticket, a changed order. A version is told again if it
 *   has the content of the newest one, or if it is an older one that is known. So a ticket can be reopened with the
 *   words with which it was opened.
 */
export type FactIdentity =
  | { kind: 'once'; key: string }
  | { kind: 'soon'; key: string }
  | { kind: 'version'; key: string; content: string; version: Instant };

/** A fact that was accepted, as it is remembered under a key. */
export interface KnownFact {
  /** The event that stated it. */
  eventId: string;
  /** The sender's time of that event, or the version of a ticket. */
  at: Instant;
  /** Content of the newest version; of other facts {@link ONCE} or {@link WITHIN}. */
  content: string;
}

const ONCE = '';
const WITHIN = 'soon';

/** How long the same content about the same order counts as repeated. */
const SOON = DAY;

type FactEvent = Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'source' | 'properties'>;

const SURVEY = 'Survey Answered';
const REVIEW = 'Product Reviewed';

/** The identity of the fact that an event tells; undefined if each such event is a fact of its own. */
export function readFactIdentity(event: FactEvent): FactIdentity | undefined {
  if (isAccountEcho(event)) return undefined;
  const { name, properties: p } = event;
  const order = readFactId(p.order_id);
  switch (name) {
    case 'Order Completed':
    case 'Order Cancelled':
      return order === undefined ? undefined : once(name, order);
    case 'Order Updated':
      return order === undefined ? undefined : version(event, event.at, name, order);
    case 'Order Refunded':
      return readRefund(event, order);
    case REVIEW:
      return readOwn(event, [p.review_id], p.product_id);
    case SURVEY:
      return readOwn(event, [p.response_id, p.answer_id], p.survey_id);
  }
  if (name.startsWith('Payment ')) return readPayment(event, order);
  if (name.startsWith('Question ')) return readOwn(event, [p.question_id], undefined);
  const ticket = name.startsWith('Ticket ') ? readTicket(event) : undefined;
  return ticket && version(event, ticket.version, 'Ticket', ticket.source, ticket.id);
}

/**
 * The event that stated this fact before; undefined if it is a new fact.
 * @param at the sender's time of the event
 */
export function findEarlierEvent(
  identity: FactIdentity,
  at: Instant,
  known: (key: string) => KnownFact | undefined,
): string | undefined {
  const fact = known(identity.key);
  if (!fact) return undefined;
  if (identity.kind === 'once') return fact.eventId;
  if (identity.kind === 'soon') return Math.abs(fact.at - at) <= SOON ? fact.eventId : undefined;
  if (fact.content === identity.content) return fact.eventId;
  const same = known(versionKey(identity));
  return same && identity.version < fact.at ? same.eventId : undefined;
}

/** What is to be remembered of a new fact, by key. */
export function listRemembered(
  identity: FactIdentity,
  accepted: { eventId: string; at: Instant },
  known: (key: string) => KnownFact | undefined,
): [string, KnownFact][] {
  const { key } = identity;
  if (identity.kind !== 'version')
    return [[key, { ...accepted, content: identity.kind === 'once' ? ONCE : WITHIN }]];
  const { content, version: at } = identity;
  const same: [string, KnownFact] = [versionKey(identity), { ...accepted, at, content: ONCE }];
  const isNewest = (known(key)?.at ?? at) <= at;
  return isNewest ? [same, [key, { ...accepted, at, content }]] : [same];
}

/** Whether what two customers remember under one key is one fact. */
export function isSameFact(a: KnownFact, b: KnownFact): boolean {
  return a.content === b.content && (a.content !== WITHIN || Math.abs(a.at - b.at) <= SOON);
}

function versionKey({ key, content, version: at }: Extract<FactIdentity, { kind: 'version' }>): string {
  return `${key} ${at} ${content}`;
}

/** Without an id, an amount or products it is the return of the whole order, of which there is one. */
function readRefund({ name, properties: p }: FactEvent, order: string | undefined): FactIdentity | undefined {
  const id = firstId(p.refund_id, p.return_id);
  if (id !== undefined) return once(name, order ?? '', id);
  if (order === undefined) return undefined;
  const isListed = Array.isArray(p.products) ? p.products.length > 0 : !isAbsent(p.products);
  const isWhole = !isListed && REFUND_AMOUNTS.every((amount) => isAbsent(p[amount]));
  return isWhole ? once(name, order) : soon(name, order, toCanonicalJson(p));
}

/** One payment may fail several times, each time with another reason. */
function readPayment(
  { name, properties: p }: FactEvent,
  order: string | undefined,
): FactIdentity | undefined {
  const id = firstId(p.payment_id, p.transaction_id, p.charge_id);
  if (id !== undefined) return once(name, id, toCanonicalJson(p));
  return order === undefined ? undefined : soon(name, order, toCanonicalJson(p));
}

/** @param about what a fact without an id is about; without it each event is a fact of its own */
function readOwn(
  { name, properties: p }: FactEvent,
  ids: unknown[],
  about: unknown,
): FactIdentity | undefined {
  const id = firstId(...ids);
  if (id !== undefined) return once(name, id);
  const subject = readFactId(about);
  return subject === undefined ? undefined : soon(name, subject, toCanonicalJson(p));
}

function version({ name, properties }: FactEvent, at: Instant, ...key: string[]): FactIdentity {
  return { kind: 'version', key: join(key), content: join([name, toCanonicalJson(properties)]), version: at };
}

function once(...key: string[]): FactIdentity {
  return { kind: 'once', key: join(key) };
}

function soon(...key: string[]): FactIdentity {
  return { kind: 'soon', key: join(key) };
}

function join(parts: string[]): string {
  return JSON.stringify(parts);
}

function firstId(...ids: unknown[]): string | undefined {
  return ids.map(readFactId).find((id) => id !== undefined);
}
