import { readTime } from '../../domain/time/read-time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { isObject, readObject } from '../../domain/values/json-object.ts';
import {
  connectNames,
  type Delivery,
  isIdentified,
  nameTicketEvent,
  type Requester,
  readOwnId,
  readStatus,
  readStatusWords,
  readValue,
  readWord,
  trackCall,
} from './help-desk.ts';
import { INTERCOM, type IntercomNotice, readContact } from './intercom-contact.ts';
import { listContacts } from './intercom-conversation.ts';
import { readPlainText, readScore } from './intercom-values.ts';
import { expectField, type Fields } from './json-body.ts';
import type { SourceSettings, WebhookMessage, WebhookReading } from './webhook-kind.ts';

/** Topics after which a ticket is over, whatever state the notice shows. */
const OVER: Readonly<Record<string, string>> = { 'ticket.closed': 'closed', 'ticket.resolved': 'resolved' };

/** Reads a notice about one of Intercom's tickets. `ticket.closed` has the ticket in a field of its own. */
export function readIntercomTicket(notice: IntercomNotice, source: SourceSettings): WebhookReading {
  const { topic, item, deliveryId, notifiedAt } = notice;
  const isNested = isObject(item.ticket);
  const ticket = isNested ? (item.ticket as Fields) : item;
  const path = isNested ? 'data.item.ticket' : 'data.item';
  const id = readOwnId(ticket.id);
  if (id === undefined) return expectField(`${path}.id`, 'the id of a ticket', ticket.id, deliveryId);
  const at = readTime(ticket.updated_at) ?? notifiedAt;
  if (at === undefined) return expectField(`${path}.updated_at`, 'a time', ticket.updated_at, deliveryId);
  const requester = readContact(listContacts(ticket.contacts)[0] ?? {});
  if (!isIdentified(requester, source))
    return expectField(`${path}.contacts`, 'a list with a contact', ticket.contacts, deliveryId);
  const delivery: Delivery = { vendor: INTERCOM, id: deliveryId, at };
  return {
    kind: 'messages',
    messages: [
      ...connectNames(delivery, requester),
      ...(topic === 'ticket.rating.provided'
        ? readRating(delivery, requester, id, ticket)
        : [readReport(delivery, requester, id, topic, ticket, source)]),
    ],
  };
}

function readReport(
  delivery: Delivery,
  requester: Requester,
  id: string,
  topic: string,
  ticket: Fields,
  source: SourceSettings,
): WebhookMessage {
  const words = readStatusWords(source);
  const status = getOwn(OVER, topic) ?? readState(ticket);
  const attributes = readObject(ticket.ticket_attributes);
  const changesState = topic === 'ticket.state.updated' || Object.hasOwn(OVER, topic);
  const name = nameTicketEvent(
    { status, isNew: topic === 'ticket.created', previous: changesState ? undefined : status },
    words,
  );
  return trackCall(delivery, requester, name, {
    ticket_id: id,
    status: readStatus(status, words),
    subject: readPlainText(attributes._default_title_, 200),
    type: isObject(ticket.ticket_type) ? readWord(ticket.ticket_type.name) : undefined,
    change: topic.replace('ticket.', ''),
  });
}

/** The category of the state, or its word; before version 2.12 a text. */
function readState({ ticket_state: state, open }: Fields): unknown {
  const word = isObject(state)
    ? (readValue(state.category) ?? readValue(state.internal_label))
    : readValue(state);
  if (word !== undefined) return word === 'submitted' ? 'open' : word;
  return typeof open === 'boolean' ? (open ? 'open' : 'closed') : undefined;
}

function readRating(delivery: Delivery, requester: Requester, id: string, ticket: Fields): WebhookMessage[] {
  const rating = [ticket.ticket_rating, ticket.conversation_rating, ticket.rating].find(isObject) ?? ticket;
  const score = readScore(rating.rating);
  if (score === undefined) return [];
  const comment = readValue(rating.remark);
  const properties = { survey_id: id, response_id: delivery.id, kind: 'csat', score, comment };
  return [trackCall(delivery, requester, 'Survey Answered', properties, { suffix: 'rating' })];
}
