import { toText } from '../../domain/event.ts';
import { isObject, readObject } from '../../domain/values/json-object.ts';
import { readHeader } from './hmac.ts';
import { expectField, readJsonObject } from './json-body.ts';
import {
  buildMailReceipt,
  DELIVERY_ARGUMENT,
  describeBounce,
  type MailReport,
  NOT_OURS,
  oneReceipt,
  readArgument,
  readDeliveryId,
} from './mail-receipt.ts';
import { resendSetup } from './mail-setup.ts';
import { verifyStandardWebhook } from './standard-webhooks.ts';
import type { WebhookKind, WebhookReading, WebhookRequest } from './webhook-kind.ts';

/** Events of Resend about mails that its channel has sent. They are signed by Svix; the secret is `whsec_…`. */
export const resend: WebhookKind = {
  id: 'resend',
  name: 'Resend',
  keptHeaders: ['svix-id', 'webhook-id'],
  verify: verifyStandardWebhook,
  read,
  setup: resendSetup,
};

function read({ headers, body: bytes, receivedAt }: WebhookRequest): WebhookReading {
  const body = readJsonObject(bytes);
  if (!body.ok) return body.unreadable;
  const { type: typeField, created_at, data } = body.value;
  const messageId = readHeader(headers, 'svix-id') ?? readHeader(headers, 'webhook-id');
  const type = toText(typeField);
  if (type === undefined) return expectField('type', 'the name of an event', typeField, messageId);
  if (!type.startsWith('email.')) return { kind: 'ignored', reason: `${type} is not about a mail` };
  if (!isObject(data)) return expectField('data', 'an object', data, messageId);
  const deliveryId = readTags(data.tags);
  if (deliveryId === null) return NOT_OURS;
  const { email_id } = data;
  const report = (time?: unknown): MailReport => ({
    deliveryId,
    providerId: email_id,
    times: [time, created_at],
    receivedAt,
    id: messageId ?? [type, toText(email_id) ?? deliveryId, toText(created_at) ?? ''].join(':'),
  });
  switch (type) {
    case 'email.delivered':
      return oneReceipt(buildMailReceipt('delivered', report()));
    case 'email.opened':
      return oneReceipt(buildMailReceipt('opened', report(readObject(data.open).timestamp)));
    case 'email.clicked': {
      const { link, timestamp } = readObject(data.click);
      const url = toText(link);
      return oneReceipt(buildMailReceipt('clicked', report(timestamp), url === undefined ? {} : { url }));
    }
    case 'email.bounced': {
      const { type: kind, subType, message, diagnosticCode } = readObject(data.bounce);
      const text = [message, diagnosticCode].flat().filter((line) => typeof line === 'string');
      // The event itself means a permanent refusal; only its details may say otherwise.
      const permanent = kind === undefined || kind === 'Permanent';
      const facts = { permanent, ...describeBounce([kind, subType], text.join(' ')) };
      return oneReceipt(buildMailReceipt('bounced', report(), facts));
    }
    case 'email.suppressed':
      return oneReceipt(buildMailReceipt('bounced', report(), { permanent: true, reason: 'suppressed' }));
    case 'email.failed': {
      const reason = describeBounce(['failed', readObject(data.failed).reason], null);
      return oneReceipt(buildMailReceipt('bounced', report(), { permanent: false, ...reason }));
    }
    case 'email.complained':
      return oneReceipt(buildMailReceipt('complained', report()));
    default:
      return { kind: 'ignored', reason: `${type} tells nothing about the mail's arrival` };
  }
}

/** Tags are a list of names and values in requests, and an object in events. */
function readTags(tags: unknown): string | null {
  if (!Array.isArray(tags)) return readArgument(tags);
  const tag: unknown = tags.find((item) => isObject(item) && item.name === DELIVERY_ARGUMENT);
  return readDeliveryId(readObject(tag).value);
}
