import { readTime } from '../../domain/time/read-time.ts';
import { type Instant, MINUTE } from '../../domain/time/time.ts';
import {
  connectNames,
  type Delivery,
  digest,
  isIdentified,
  nameTicketEvent,
  type Requester,
  readFurtherFields,
  readOwnId,
  readStatus,
  readStatusWords,
  readTags,
  readValue,
  readWord,
  trackCall,
} from './help-desk.ts';
import { expectField, type Fields } from './json-body.ts';
import type { SourceSettings, WebhookReading } from './webhook-kind.ts';
import { readZendeskScore } from './zendesk-score.ts';

/**
 * The body of the trigger's webhook, by the name of each field, with Zendesk's placeholders. Texts that people write come
 * last: a line break in one of them costs no other field.
 */
export const ZENDESK_TRIGGER_FIELDS = {
  ticket_id: '{{ticket.id}}',
  status: '{{ticket.status}}',
  priority: '{{ticket.priority}}',
  type: '{{ticket.ticket_type}}',
  channel: '{{ticket.via}}',
  tags: '{{ticket.tags}}',
  created_at: '{{ticket.created_at_with_timestamp}}',
  updated_at: '{{ticket.updated_at_with_timestamp}}',
  requester_id: '{{ticket.requester.id}}',
  requester_external_id: '{{ticket.requester.external_id}}',
  requester_email: '{{ticket.requester.email}}',
  requester_phone: '{{ticket.requester.phone}}',
  organization_external_id: '{{ticket.organization.external_id}}',
  satisfaction: '{{satisfaction.current_rating}}',
  satisfaction_comment: '{{satisfaction.current_comment}}',
  requester_name: '{{ticket.requester.name}}',
  subject: '{{ticket.title}}',
} as const;

/**
 * Reads the body of a trigger's webhook.
 * @param sent the id of the call of the webhook, and when Zendesk signed it
 */
export function readZendeskTrigger(
  body: Fields,
  source: SourceSettings,
  sent: { id: string; signedAt: Instant | undefined },
): WebhookReading {
  const ticketId = readOwnId(body.ticket_id);
  if (ticketId === undefined)
    return expectField('ticket_id', 'the number of a ticket', body.ticket_id, sent.id);
  const updatedAt = readTime(readValue(body.updated_at));
  const at = refine(updatedAt, sent.signedAt);
  if (at === undefined) return expectField('updated_at', 'a time', body.updated_at, sent.id);
  const requester: Requester = {
    ids: [readOwnId(body.requester_id)],
    userId: readOwnId(body.requester_external_id),
    email: readValue(body.requester_email),
    phone: readValue(body.requester_phone),
    name: readValue(body.requester_name),
  };
  if (!isIdentified(requester, source))
    return expectField('requester_id', 'the number of a user', body.requester_id, sent.id);

  const words = readStatusWords(source);
  const isNew = updatedAt !== undefined && readTime(readValue(body.created_at)) === updatedAt;
  const delivery: Delivery = { vendor: 'zendesk', id: sent.id, at };
  const ticket = trackCall(
    delivery,
    requester,
    nameTicketEvent({ status: body.status, isNew }, words),
    {
      ...readFurtherFields(body, ZENDESK_TRIGGER_FIELDS),
      ticket_id: ticketId,
      status: readStatus(body.status, words),
      severity: readWord(body.priority),
      subject: readValue(body.subject),
      type: readWord(body.type),
      channel: readWord(body.channel),
      tags: readTags(body.tags),
    },
    { groupId: readOwnId(body.organization_external_id) },
  );
  return {
    kind: 'messages',
    messages: [
      ...connectNames(delivery, requester),
      ticket,
      ...readSatisfaction(body, ticketId, delivery, requester),
    ],
  };
}

/**
 * `updated_at` has whole minutes. Within the minute the time of the signature orders the reports: Zendesk calls the webhook
 * right after the change. A signature of a later time is that of a repeated or delayed call, so it counts as the end of
 * the minute.
 */
function refine(updatedAt: Instant | undefined, signedAt: Instant | undefined): Instant | undefined {
  if (updatedAt === undefined || signedAt === undefined) return updatedAt ?? signedAt;
  if (updatedAt % MINUTE !== 0 || signedAt < updatedAt) return updatedAt;
  return Math.min(signedAt, updatedAt + MINUTE - 1);
}

/** Every later body repeats the rating, so its content is its id. */
function readSatisfaction(body: Fields, ticketId: string, delivery: Delivery, requester: Requester) {
  const score = readZendeskScore(body.satisfaction);
  if (score === undefined) return [];
  const comment = readValue(body.satisfaction_comment);
  const answer = digest([ticketId, score, comment]);
  const id = `rating:${digest([answer, requester])}`;
  const properties = { survey_id: ticketId, response_id: answer, kind: 'csat', score, comment };
  return [trackCall({ ...delivery, id }, requester, 'Survey Answered', properties)];
}
