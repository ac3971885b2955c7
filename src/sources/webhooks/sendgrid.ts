import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { toText } from '../../domain/event.ts';
import type { Receipt } from '../../domain/receipt.ts';
import type { Instant } from '../../domain/time/time.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { readHeader } from './hmac.ts';
import { expectField, type Fields, parseJsonBody } from './json-body.ts';
import {
  buildMailReceipt,
  describeBounce,
  type MailReport,
  readArgument,
  readOwnMessageId,
} from './mail-receipt.ts';
import { sendgridSetup } from './mail-setup.ts';
import {
  GENUINE,
  refuse,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

/**
 * SendGrid's event webhook, for mails that were sent through its SMTP server. Requests are lists of events, signed by
 * ECDSA over time and body; the "secret" is the public verification key. SendGrid repeats a list for a day, so an old
 * time is no sign of a replay: `sg_event_id` makes a repetition one.
 */
export const sendgrid: WebhookKind = {
  id: 'sendgrid',
  name: 'SendGrid',
  keptHeaders: [],
  verify,
  read,
  setup: sendgridSetup,
};

const PREFIX = 'x-twilio-email-event-webhook-';
/** A P-256 signature in DER has at most 72 bytes. */
const LONGEST_SIGNATURE = 200;

function verify({ headers, body }: WebhookRequest, secrets: readonly string[]): Verification {
  const signature = (readHeader(headers, `${PREFIX}signature`) ?? '').slice(0, LONGEST_SIGNATURE);
  const signed = Buffer.concat([Buffer.from(readHeader(headers, `${PREFIX}timestamp`) ?? ''), body]);
  const keys = secrets.flatMap((secret) => readKey(secret) ?? []);
  const isGenuine = keys.map((key) => isSignedBy(key, signed, signature)).some((genuine) => genuine);
  if (isGenuine) return GENUINE;
  return refuse(`${PREFIX}signature is not that of this body under the verification key of this source`);
}

function isSignedBy(key: KeyObject, signed: Buffer, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  // Node reads base64 leniently: of two texts for the same bytes only one is a signature.
  if (bytes.toString('base64') !== signature) return false;
  try {
    return verifySignature('sha256', signed, key, bytes);
  } catch {
    return false;
  }
}

/** The verification key as SendGrid shows it: base64 of DER, or PEM. */
function readKey(secret: string): KeyObject | undefined {
  try {
    if (secret.includes('BEGIN')) return createPublicKey(secret);
    return createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function read({ body, receivedAt }: WebhookRequest): WebhookReading {
  const events = parseJsonBody(body);
  if (!Array.isArray(events)) return expectField('the body', 'a list of events', events);
  const receipts: Receipt[] = [];
  for (const [index, event] of events.entries()) {
    if (!isObject(event)) return expectField(`[${index}]`, 'an event', event);
    const name = toText(event.event);
    // Changes of the account have a type instead.
    if (name === undefined && event.type === undefined)
      return expectField(`[${index}].event`, 'the name of an event', event.event);
    const receipt = readEvent(name ?? '', event, receivedAt);
    if (receipt !== null) receipts.push(receipt);
  }
  if (receipts.length === 0)
    return { kind: 'ignored', reason: 'no event about the arrival of a mail of this product' };
  return { kind: 'messages', messages: receipts.map((receipt) => ({ kind: 'receipt', receipt })) };
}

/** Reasons of a drop that say that no mail reaches the address. */
const INVALID_ADDRESS = /^(bounced address|invalid|spam reporting address)/i;

function readEvent(name: string, event: Fields, receivedAt: Instant): Receipt | null {
  const deliveryId = readArgument(event) ?? readOwnMessageId(event['smtp-id']);
  if (deliveryId === null) return null;
  const report: MailReport = {
    deliveryId,
    providerId: event.sg_message_id,
    times: [event.timestamp],
    receivedAt,
    id: toText(event.sg_event_id) ?? digest(event),
  };
  const { type, reason, response, status, url: link } = event;
  switch (name) {
    case 'delivered':
      return buildMailReceipt('delivered', report);
    case 'open':
      return buildMailReceipt('opened', report, event.sg_machine_open === true ? { automatic: true } : {});
    case 'click': {
      const url = toText(link);
      return buildMailReceipt('clicked', report, url === undefined ? {} : { url });
    }
    case 'bounce': {
      const permanent = type !== 'blocked' && !(typeof status === 'string' && status.startsWith('4'));
      const words = [type, event.bounce_classification, status];
      return buildMailReceipt('bounced', report, { permanent, ...describeBounce(words, reason ?? response) });
    }
    case 'dropped': {
      const permanent = typeof reason === 'string' && INVALID_ADDRESS.test(reason);
      return buildMailReceipt('bounced', report, { permanent, ...describeBounce(['dropped', reason], null) });
    }
    case 'spamreport':
      return buildMailReceipt('complained', report);
    case 'unsubscribe':
    case 'group_unsubscribe':
      return buildMailReceipt('unsubscribed', report);
    default:
      return null;
  }
}

function digest(event: Fields): string {
  return createHash('sha256').update(JSON.stringify(event)).digest('base64url').slice(0, 22);
}
