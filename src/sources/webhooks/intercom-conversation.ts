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
  readTags,
  readValue,
  readWord,
  trackCall,
} from './help-desk.ts';
import { INTERCOM, type IntercomNotice, readContact } from './intercom-contact.ts';
import { readPlainText, readScore } from './intercom-values.ts';
import { expectField, type Fields } from './json-body.ts';
import type { SourceSettings, WebhookMessage, WebhookReading } from './webhook-kind.ts';

/** Topics of conversations that say nothing about a matter of the customer's. */
const IGNORED: Readonly<Record<string, string>> = {
  'conversation.admin.single.created': 'the customer has not answered yet',
  'conversation.deleted': 'Intercom does not say whose conversation was deleted',
  'conversation.read': 'reading changes nothing',
};

/** Topics after which a conversation is open or closed, if it does not say so itself. */
const STATE_BY_TOPIC: Readonly<Record<string, string>> = {
  'conversation.user.created': 'open',
  'conversation.admin.opened': 'open',
  'conversation.admin.closed': 'closed',
  'conversation.admin.snoozed': 'snoozed',
  'conversation.admin.unsnoozed': 'open',
};

/** The state before, which the topic tells. */
const PREVIOUS_BY_TOPIC: Readonly<Record<string, string>> = {
  'conversation.admin.opened': 'closed',
  'conversation.admin.closed': 'open',
};

/** A conversation is a ticket; its first message is a question, which the first reply of a teammate answers. */
export function readConversation(notice: IntercomNotice, source: SourceSettings): WebhookReading {
  const { topic, item, deliveryId, notifiedAt } = notice;
  const ignored = getOwn(IGNORED, topic);
  if (ignored !== undefined) return { kind: 'ignored', reason: ignored };
  const id = readOwnId(item.id);
  if (id === undefined) return expectField('data.item.id', 'the id of a conversation', item.id, deliveryId);
  const at = readTime(item.updated_at) ?? notifiedAt;
  if (at === undefined) return expectField('data.item.updated_at', 'a time', item.updated_at, deliveryId);
  const requester = readInitiator(item);
  if (!isIdentified(requester, source))
    return expectField('data.item.contacts', 'a list with a contact', item.contacts, deliveryId);
  const delivery: Delivery = { vendor: INTERCOM, id: deliveryId, at };
  return {
    kind: 'messages',
    messages: [...connectNames(delivery, requester), ...readReport(delivery, requester, id, notice, source)],
  };
}

function readReport(
  delivery: Delivery,
  requester: Requester,
  id: string,
  { topic, item }: IntercomNotice,
  source: SourceSettings,
): WebhookMessage[] {
  if (topic === 'conversation.rating.added') return readRating(delivery, requester, id, item);
  const words = readStatusWords(source);
  const status = readState(item) ?? getOwn(STATE_BY_TOPIC, topic);
  const isNew = topic === 'conversation.user.created';
  // Most topics don't change the state, and those of them that do have no word for it.
  const previous = getOwn(PREVIOUS_BY_TOPIC, topic) ?? status;
  const first = readObject(isObject(item.source) ? item.source : item.conversation_message);
  const properties = {
    ticket_id: id,
    status: readStatus(status, words),
    severity: readSeverity(item.priority),
    subject: readValue(item.title) ?? readPlainText(first.subject, 200) ?? readPlainText(first.body, 200),
    channel: readWord(first.type),
    tags: readTagNames(item.tags),
    change: topic.replace('conversation.', ''),
  };
  const report = trackCall(
    delivery,
    requester,
    nameTicketEvent({ status, previous, isNew }, words),
    properties,
  );
  const question = { question_id: id };
  if (isNew) {
    const asked = { ...question, text: readPlainText(first.body, 2_000), channel: readWord(first.type) };
    return [report, trackCall(delivery, requester, 'Question Asked', asked, { suffix: 'question' })];
  }
  if (topic === 'conversation.admin.replied')
    return [report, trackCall(delivery, requester, 'Question Answered', question, { suffix: 'question' })];
  return [report];
}

function readRating(delivery: Delivery, requester: Requester, id: string, item: Fields): WebhookMessage[] {
  const rating = readObject(item.conversation_rating);
  const score = readScore(rating.rating);
  if (score === undefined) return [];
  const at = readTime(rating.created_at) ?? delivery.at;
  const comment = readValue(rating.remark);
  const properties = { survey_id: id, response_id: delivery.id, kind: 'csat', score, comment };
  return [trackCall({ ...delivery, at }, requester, 'Survey Answered', properties, { suffix: 'rating' })];
}

/** `state`: open, closed or snoozed. Before, there was only `open`. */
function readState({ state, open }: Fields): unknown {
  if (readValue(state) !== undefined) return state;
  return typeof open === 'boolean' ? (open ? 'open' : 'closed') : undefined;
}

function readSeverity(priority: unknown): string | undefined {
  const word = readWord(priority);
  return word === 'priority' ? 'high' : word === 'not priority' ? 'normal' : undefined;
}

/**
 * Who began the conversation: the first contact, with the address of the first message's author, if that is the contact.
 * Before version 2.0 it was `user`.
 */
function readInitiator(item: Fields): Requester {
  const [contact] = listContacts(item.contacts);
  const author = readAuthor(item);
  if (contact === undefined) return author ?? readContact(readObject(item.user));
  const known = readContact(contact);
  if (author === undefined || author.ids[0] !== known.ids[0]) return known;
  return { ...author, ids: known.ids, userId: known.userId ?? author.userId };
}

function readAuthor({ source }: Fields): Requester | undefined {
  const author = isObject(source) && isObject(source.author) ? source.author : undefined;
  return author !== undefined && AUTHORS.has(readWord(author.type)) ? readContact(author) : undefined;
}

/** Authors who are customers. Others are teammates and bots. */
const AUTHORS: ReadonlySet<string | undefined> = new Set(['user', 'lead', 'contact']);

/** The entries of a list of contacts, which has the list in a field of its own. */
export function listContacts(contacts: unknown): Fields[] {
  const list = isObject(contacts) ? (contacts.contacts ?? contacts.data) : contacts;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function readTagNames(tags: unknown): string[] | undefined {
  const list = isObject(tags) ? (tags.tags ?? tags.data) : tags;
  return Array.isArray(list) ? readTags(list.map((tag) => (isObject(tag) ? tag.name : tag))) : undefined;
}
