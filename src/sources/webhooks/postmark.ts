import { toText } from '../../domain/event.ts';
import { isLiveSecret, readHeader } from './hmac.ts';
import { expectField, type Fields, readJsonObject } from './json-body.ts';
import {
  buildMailReceipt,
  describeBounce,
  type MailReport,
  NOT_OURS,
  oneReceipt,
  readArgument,
} from './mail-receipt.ts';
import { postmarkSetup } from './mail-setup.ts';
import { readPassword } from './password.ts';
import {
  GENUINE,
  refuse,
  type SourceSettings,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

/**
 * Postmark's webhooks, for mails that were sent through its SMTP server. They are not signed: the secret is a password in
 * the URL (`https://throughline:SECRET@…`, which Postmark sends as basic authentication), or a header of one's own, whose
 * name is the setting `header`.
 */
export const postmark: WebhookKind = {
  id: 'postmark',
  name: 'Postmark',
  keptHeaders: [],
  verify,
  read,
  setup: postmarkSetup,
  checkSettings: ({ header, ...others }) => [
    ...(header === undefined || (typeof header === 'string' && /^[\w-]{1,100}$/.test(header))
      ? []
      : [{ path: 'header', message: 'must be the name of a header' }]),
    ...Object.keys(others).map((path) => ({ path, message: 'is not a setting of Postmark' })),
  ],
};

function verify(
  { headers }: WebhookRequest,
  secrets: readonly string[],
  { settings: { header } }: SourceSettings,
): Verification {
  const sent =
    typeof header === 'string'
      ? readHeader(headers, header.toLowerCase())
      : readPassword(readHeader(headers, 'authorization'));
  if (isLiveSecret(sent, secrets)) return GENUINE;
  const where = typeof header === 'string' ? header : 'the password of basic authentication';
  return refuse(`${where} is not a secret of this source`);
}

/** Bounces that are answers of a person or a program, or only a delay. */
const NO_BOUNCES = [
  'Transient',
  'Subscribe',
  'AutoResponder',
  'AddressChange',
  'OpenRelayTest',
  'ChallengeVerification',
  'InboundError',
];
const PERMANENT = ['HardBounce', 'BadEmailAddress'];

function read({ body: bytes, receivedAt }: WebhookRequest): WebhookReading {
  const body = readJsonObject(bytes);
  if (!body.ok) return body.unreadable;
  const fields = body.value;
  const type = toText(fields.RecordType);
  if (type === undefined) return expectField('RecordType', 'the name of a record', fields.RecordType);
  const deliveryId = readArgument(fields.Metadata);
  if (deliveryId === null) return NOT_OURS;
  const { DeliveredAt, BouncedAt, ReceivedAt, ChangedAt, ID, MessageID } = fields;
  const times = [DeliveredAt, BouncedAt, ReceivedAt, ChangedAt];
  const id = [type, ID ?? MessageID ?? deliveryId, ...(ID === undefined ? times : [])].flatMap(
    (part) => toText(part) ?? [],
  );
  return readRecord(type, fields, { deliveryId, providerId: MessageID, times, receivedAt, id: id.join(':') });
}

function readRecord(type: string, fields: Fields, report: MailReport): WebhookReading {
  switch (type) {
    case 'Delivery':
      return oneReceipt(buildMailReceipt('delivered', report));
    case 'Open':
      return oneReceipt(buildMailReceipt('opened', report));
    case 'Click': {
      const url = toText(fields.OriginalLink);
      return oneReceipt(buildMailReceipt('clicked', report, url === undefined ? {} : { url }));
    }
    case 'Bounce':
      return readBounce(fields, report);
    case 'SpamComplaint':
      return oneReceipt(buildMailReceipt('complained', report));
    case 'SubscriptionChange':
      return readSubscription(fields, report);
    default:
      return { kind: 'ignored', reason: `${type} is not about the arrival of a mail` };
  }
}

function readBounce(fields: Fields, report: MailReport): WebhookReading {
  const { Type, TypeCode, Inactive, Details } = fields;
  const type = toText(Type);
  if (type === undefined) return expectField('Type', 'a type of bounces', Type);
  if (NO_BOUNCES.includes(type))
    return { kind: 'ignored', reason: `${type} is no final answer about the mail` };
  if (type === 'Unsubscribe') return oneReceipt(buildMailReceipt('unsubscribed', report));
  if (type === 'SpamComplaint') return oneReceipt(buildMailReceipt('complained', report));
  const permanent = PERMANENT.includes(type) || Inactive === true;
  const facts = { permanent, ...describeBounce([type, toText(TypeCode)], Details) };
  return oneReceipt(buildMailReceipt('bounced', report, facts));
}

/** Postmark's own list of addresses that receive nothing. What an operator changes there is no statement of the customer. */
function readSubscription(fields: Fields, report: MailReport): WebhookReading {
  const { SuppressSending, SuppressionReason, Origin } = fields;
  if (SuppressSending === true && SuppressionReason === 'HardBounce')
    return oneReceipt(buildMailReceipt('bounced', report, { permanent: true, reason: 'HardBounce' }));
  if (SuppressSending === true && SuppressionReason === 'SpamComplaint')
    return oneReceipt(buildMailReceipt('complained', report));
  if (SuppressSending === true && Origin === 'Recipient')
    return oneReceipt(buildMailReceipt('unsubscribed', report));
  return { kind: 'ignored', reason: 'a change of the list by the operator, or a removal from it' };
}
