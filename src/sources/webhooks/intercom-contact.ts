import { readTime } from '../../domain/time/read-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { identifyCall, type Requester, readOwnId, readValue, trackCall } from './help-desk.ts';
import { expectField, type Fields } from './json-body.ts';
import type { WebhookReading } from './webhook-kind.ts';

export const INTERCOM = 'intercom';

/** A notification of Intercom. */
export interface IntercomNotice {
  topic: string;
  item: Fields;
  /** `notif_…` */
  deliveryId: string;
  /** When Intercom made it. */
  notifiedAt: Instant | undefined;
}

/** Topics that say who somebody is. Those that begin with `user` are of the versions before 2.0. */
const IDENTIFYING: ReadonlySet<string> = new Set([
  'contact.user.created',
  'contact.user.updated',
  'contact.lead.created',
  'contact.lead.updated',
  'contact.lead.added_email',
  'contact.lead.signed_up',
  'contact.email.updated',
  'contact.merged',
  'user.created',
  'user.email.updated',
]);

const UNSUBSCRIBED: ReadonlySet<string> = new Set(['contact.unsubscribed', 'user.unsubscribed']);

/** A contact is a customer, and an unsubscription withdraws the consent to marketing by e-mail. */
export function readContactMessages({ topic, item, deliveryId, notifiedAt }: IntercomNotice): WebhookReading {
  const isUnsubscription = UNSUBSCRIBED.has(topic);
  if (!isUnsubscription && !IDENTIFYING.has(topic))
    return { kind: 'ignored', reason: `${topic} doesn't say who somebody is` };
  const isNested = isObject(item.contact);
  const contact = isNested ? (item.contact as Fields) : item;
  const requester = readContact(contact);
  const [id] = requester.ids;
  if (id === undefined)
    return expectField(
      `data.item.${isNested ? 'contact.' : ''}id`,
      'the id of a contact',
      contact.id,
      deliveryId,
    );
  const delivery = { vendor: INTERCOM, id: deliveryId, at: readTime(contact.updated_at) ?? notifiedAt };
  if (!isUnsubscription) return { kind: 'messages', messages: [identifyCall(delivery, requester)] };
  const consent = { purpose: 'marketing', channel: 'email', status: 'withdrawn' };
  // What the notice says of the contact is older than the notice.
  const at = notifiedAt ?? delivery.at;
  return {
    kind: 'messages',
    messages: [trackCall({ ...delivery, at }, requester, 'Consent Changed', consent)],
  };
}

/** Ids and addresses of a contact, or of an author, a user of the old API, or an entry of a list of contacts. */
export function readContact(contact: Fields): Requester {
  const { merged_from } = contact;
  const other = isObject(merged_from) ? readOwnId(merged_from.id) : undefined;
  return {
    ids: [readOwnId(contact.id), other],
    userId: readOwnId(contact.external_id) ?? readOwnId(contact.user_id),
    email: readValue(contact.email),
    phone: readValue(contact.phone),
    name: readValue(contact.name),
  };
}
