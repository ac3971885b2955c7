import { toText } from '../../domain/event.ts';
import { readTime } from '../../domain/time/read-time.ts';
import { type Instant, SECOND } from '../../domain/time/time.ts';
import { isObject, readObject } from '../../domain/values/json-object.ts';
import { readPath } from '../../domain/values/read-path.ts';
import {
  type Delivery,
  identifyCall,
  isIdentified,
  nameTicketEvent,
  type Requester,
  readOwnId,
  readStatus,
  readStatusWords,
  readTags,
  readValue,
  readWord,
  type StatusReport,
  trackCall,
} from './help-desk.ts';
import { expectField, type Fields } from './json-body.ts';
import type { SourceSettings, WebhookMessage, WebhookReading } from './webhook-kind.ts';
import { readZendeskScore } from './zendesk-score.ts';

/** Zendesk's own pages write some types with a slash. */
const EVENT_TYPE = /^zen:event-type[:/]/;

const VENDOR = 'zendesk';

/** What a ticket is afterwards, whatever its status still says. */
const GONE: Readonly<Record<string, string>> = {
  soft_deleted: 'deleted',
  permanently_deleted: 'deleted',
  marked_as_spam: 'spam',
};

/** Changes of a user that say who somebody is. */
const USER_CHANGES: ReadonlySet<string> = new Set([
  'created',
  'external_id_changed',
  'identity_created',
  'identity_changed',
  'name_changed',
  'merged',
]);

const STAFF: readonly unknown[] = ['agent', 'admin'];

/** Whether the body is that of an event, and not of a trigger. */
export function isZendeskEvent({ type }: Fields): boolean {
  return EVENT_TYPE.test(toText(type) ?? '');
}

/** Reads a request of a webhook that is subscribed to events: `{type, id, time, detail, event}`. */
export function readZendeskEvent(body: Fields, source: SourceSettings): WebhookReading {
  const type = (toText(body.type) ?? '').replace(EVENT_TYPE, '');
  const [, subject, change = ''] = /^(ticket|user)\.(.+)$/.exec(type) ?? [];
  if (subject === undefined) return { kind: 'ignored', reason: `${type} is about no ticket and no customer` };
  const { detail } = body;
  if (!isObject(detail)) return expectField('detail', 'an object', detail, readOwnId(body.id));
  return subject === 'ticket'
    ? readTicketEvent(body, detail, change, source)
    : readUserEvent(body, detail, change);
}

function readTicketEvent(
  body: Fields,
  detail: Fields,
  change: string,
  source: SourceSettings,
): WebhookReading {
  const event = readObject(body.event);
  const eventId = readOwnId(body.id);
  if (eventId === undefined) return expectField('id', 'the id of the event', body.id);
  const ticketId = readOwnId(detail.id);
  if (ticketId === undefined) return expectField('detail.id', 'the number of a ticket', detail.id, eventId);
  const at = readVersion(body, detail, event);
  if (at === undefined) return expectField('detail.updated_at', 'a time', detail.updated_at, eventId);
  const requester: Requester = { ids: [readOwnId(detail.requester_id)] };
  if (!isIdentified(requester, source))
    return expectField('detail.requester_id', 'the number of a user', detail.requester_id, eventId);
  const report = readStatusReport(change, detail, event);
  if (change === 'status_changed' && readValue(report.status) === undefined)
    return expectField('event.current', 'a status', event.current, eventId);

  const words = readStatusWords(source);
  const delivery: Delivery = { vendor: VENDOR, id: eventId, at };
  const ticket = trackCall(delivery, requester, nameTicketEvent(report, words), {
    ticket_id: ticketId,
    status: readStatus(report.status, words),
    severity: readWord(detail.priority),
    subject: readValue(detail.subject),
    type: readWord(detail.type),
    channel: isObject(detail.via) ? readWord(detail.via.channel) : undefined,
    tags: readTags(detail.tags),
    change,
    ...readComment(event),
  });
  return {
    kind: 'messages',
    messages: [
      ticket,
      ...readQuestion(delivery, requester, ticketId, change, detail, event),
      ...readRating(delivery, requester, ticketId, change, event),
    ],
  };
}

function readStatusReport(change: string, detail: Fields, event: Fields): StatusReport {
  if (Object.hasOwn(GONE, change)) return { status: GONE[change] };
  const status = detail.status === 'SCRUBBED' ? 'deleted' : detail.status;
  if (change === 'created') return { status, isNew: true };
  if (change === 'status_changed')
    return { status: readValue(event.current) ?? status, previous: event.previous };
  // Any other change of a closed ticket leaves it as it is; an undeleted one may be open again.
  return { status, previous: change === 'undeleted' ? 'deleted' : status };
}

/**
 * The time of the ticket's state. `updated_at` has whole seconds, so the fraction of the event's own time goes with it, if
 * it is of the same second, and the position among the events of one change. Otherwise two changes within a second
 * would be ordered by their arrival.
 */
function readVersion(body: Fields, detail: Fields, event: Fields): Instant | undefined {
  const happened = readTime(body.time);
  const updated = readTime(detail.updated_at) ?? happened;
  if (updated === undefined) return undefined;
  const isFiner = happened !== undefined && happened > updated && happened < updated + SECOND;
  return (isFiner ? happened : updated) + readPosition(event);
}

const LAST_POSITION = 99;

function readPosition({ meta }: Fields): number {
  const position = Number(readPath(meta, 'sequence.position'));
  return Number.isInteger(position) && position > 0 ? Math.min(position, LAST_POSITION) : 0;
}

function readComment({ comment }: Fields): Fields {
  if (!isObject(comment)) return {};
  const isStaff = isObject(comment.author) ? comment.author.is_staff : undefined;
  return {
    comment_public: typeof comment.is_public === 'boolean' ? comment.is_public : undefined,
    comment_by: typeof isStaff === 'boolean' ? (isStaff ? 'staff' : 'customer') : undefined,
  };
}

/** A ticket whose type is Question is a question; the first public comment of staff answers it. */
function readQuestion(
  delivery: Delivery,
  requester: Requester,
  ticketId: string,
  change: string,
  detail: Fields,
  event: Fields,
): WebhookMessage[] {
  if (readWord(detail.type) !== 'question') return [];
  const name = readQuestionName(change, readComment(event));
  if (name === undefined) return [];
  const text =
    name === 'Question Asked' ? (readValue(detail.description) ?? readValue(detail.subject)) : undefined;
  return [trackCall(delivery, requester, name, { question_id: ticketId, text }, { suffix: 'question' })];
}

function readQuestionName(change: string, comment: Fields): string | undefined {
  if (change === 'created') return 'Question Asked';
  const isAnswer = comment.comment_by === 'staff' && comment.comment_public === true;
  return change === 'comment_added' && isAnswer ? 'Question Answered' : undefined;
}

function readRating(
  delivery: Delivery,
  requester: Requester,
  ticketId: string,
  change: string,
  event: Fields,
): WebhookMessage[] {
  if (change !== 'csat_received') return [];
  const rating = isObject(event.satisfaction_score) ? event.satisfaction_score : event;
  const score = readZendeskScore(rating.score ?? rating.rating ?? rating.current);
  if (score === undefined) return [];
  const properties = { survey_id: ticketId, kind: 'csat', score, comment: readValue(rating.comment) };
  return [trackCall(delivery, requester, 'Survey Answered', properties, { suffix: 'rating' })];
}

/** What Zendesk says of a user makes one customer of all that have these names. */
function readUserEvent(body: Fields, detail: Fields, change: string): WebhookReading {
  if (!USER_CHANGES.has(change))
    return { kind: 'ignored', reason: `user.${change} doesn't say who somebody is` };
  if (STAFF.includes(readWord(detail.role)))
    return { kind: 'ignored', reason: 'the user is staff, not a customer' };
  const eventId = readOwnId(body.id);
  const id = readOwnId(detail.id);
  if (id === undefined) return expectField('detail.id', 'the number of a user', detail.id, eventId);
  const event = readObject(body.event);
  const at = readTime(detail.updated_at) ?? readTime(body.time);
  if (at === undefined) return expectField('detail.updated_at', 'a time', detail.updated_at, eventId);
  const requester: Requester = {
    ids: [id, change === 'merged' && isObject(event.user) ? readOwnId(event.user.id) : undefined],
    userId: readOwnId(detail.external_id),
    email: readValue(detail.email),
    phone: readPhoneIdentity(event),
    name: change === 'name_changed' ? readValue(event.current) : readValue(detail.name),
  };
  return { kind: 'messages', messages: [identifyCall({ vendor: VENDOR, id: eventId ?? '', at }, requester)] };
}

/** The number of `user.identity_created` and `user.identity_changed`, if it is a phone's. */
function readPhoneIdentity({ identity, current }: Fields): string | undefined {
  const stated = isObject(identity) ? identity : current;
  if (!isObject(stated) || readWord(stated.type) !== 'phone number') return undefined;
  return readValue(stated.value);
}
