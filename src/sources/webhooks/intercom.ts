import { toText } from '../../domain/event.ts';
import { readTime } from '../../domain/time/read-time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { checkHelpDeskSettings, readOwnId } from './help-desk.ts';
import { hasHmac, readHeader } from './hmac.ts';
import { readContactMessages } from './intercom-contact.ts';
import { readConversation } from './intercom-conversation.ts';
import { intercomSetup } from './intercom-setup.ts';
import { readIntercomTicket } from './intercom-ticket.ts';
import { expectField, readJsonObject } from './json-body.ts';
import {
  GENUINE,
  refuseSignature,
  type SourceSettings,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

const SIGNATURE = 'x-hub-signature';
const PREFIX = 'sha1=';

/** Intercom: conversations and tickets are tickets here, contacts are customers. */
export const intercom: WebhookKind = {
  id: 'intercom',
  name: 'Intercom',
  keptHeaders: [],
  verify({ headers, body }, secrets) {
    const [signature] = (readHeader(headers, SIGNATURE) ?? '').split(',', 1);
    const sent = signature?.startsWith(PREFIX) ? [signature.slice(PREFIX.length)] : [];
    if (hasHmac({ algorithm: 'sha1', encoding: 'hex' }, [body], sent, secrets)) return GENUINE;
    return refuseSignature(SIGNATURE);
  },
  read,
  checkSettings: checkHelpDeskSettings,
  setup: intercomSetup,
};

function read(request: WebhookRequest, source: SourceSettings): WebhookReading {
  const body = readJsonObject(request.body);
  if (!body.ok) return body.unreadable;
  const { id, topic: topicField, data, created_at } = body.value;
  const topic = toText(topicField);
  const deliveryId = readOwnId(id);
  if (topic === undefined) return expectField('topic', 'the name of a topic', topicField, deliveryId);
  if (topic === 'ping') return { kind: 'ignored', reason: 'a ping' };
  const [subject] = topic.split('.', 1);
  const readItem = getOwn(READERS, subject ?? '');
  if (readItem === undefined)
    return { kind: 'ignored', reason: `${topic} is about no ticket and no customer` };
  if (deliveryId === undefined) return expectField('id', 'the id of the notification', id);
  const item = isObject(data) ? data.item : undefined;
  if (!isObject(item)) return expectField('data.item', 'an object', item, deliveryId);
  return readItem({ topic, item, deliveryId, notifiedAt: readTime(created_at) }, source);
}

const READERS: Readonly<Record<string, typeof readConversation>> = {
  conversation: readConversation,
  ticket: readIntercomTicket,
  contact: readContactMessages,
  user: readContactMessages,
};
