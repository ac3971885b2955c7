import { toText } from '../../domain/event.ts';
import { SECOND } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { readPath } from '../../domain/values/read-path.ts';
import { ignoreTopic, type TopicReader, toReading } from './calls.ts';
import { hasHmac, readHeader } from './hmac.ts';
import { expectField, type Fields, readJsonObject } from './json-body.ts';
import { requireFields } from './payload-fields.ts';
import { checkSignedTime } from './replay-window.ts';
import { readCharge, readDispute } from './stripe/charge.ts';
import { readCheckoutSession } from './stripe/checkout-session.ts';
import { readCustomer, readSubscription } from './stripe/customer.ts';
import { readInvoice } from './stripe/invoice.ts';
import { readFailedPayment, readPayment } from './stripe/payment.ts';
import { stripeSetup } from './stripe/setup.ts';
import {
  refuseSignature,
  type SourceSettings,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

const READERS: Readonly<Record<string, TopicReader>> = {
  'payment_intent.succeeded': readPayment,
  'payment_intent.payment_failed': readFailedPayment,
  'checkout.session.completed': readCheckoutSession,
  'checkout.session.async_payment_succeeded': readCheckoutSession,
  'checkout.session.async_payment_failed': readCheckoutSession,
  'checkout.session.expired': readCheckoutSession,
  'invoice.paid': readInvoice,
  'invoice.payment_failed': readInvoice,
  'charge.refunded': readCharge,
  'charge.dispute.created': readDispute,
  'charge.dispute.closed': readDispute,
  'customer.created': readCustomer,
  'customer.updated': readCustomer,
  'customer.deleted': readCustomer,
  'customer.subscription.created': readSubscription,
  'customer.subscription.updated': readSubscription,
  'customer.subscription.deleted': readSubscription,
};

/** Events that someone may expect to say something, and why they don't. */
const SILENT: Readonly<Record<string, string>> = {
  'refund.created': 'a refund names no customer: charge.refunded reports it',
  'refund.updated': 'a refund names no customer: charge.refunded reports it',
  'charge.refund.updated': 'a refund names no customer: charge.refunded reports it',
  'charge.succeeded': 'payment_intent.succeeded reports it',
  'charge.failed': 'payment_intent.payment_failed reports it',
  'invoice.payment_succeeded': 'invoice.paid reports it',
};

/** A header with more signatures is none of Stripe, which signs with two secrets at most while one is rolled. */
const MAX_SIGNATURES = 20;

/**
 * Stripe. Events come in any order and more than once. Only what says for certain that something was bought is an
 * order: a completed checkout, a paid invoice, or a payment whose `metadata.order_id` names the order.
 */
export const stripe: WebhookKind = {
  id: 'stripe',
  name: 'Stripe',
  keptHeaders: [],
  verify,
  read,
  setup: stripeSetup(Object.keys(READERS)),
};

function verify({ headers, body, receivedAt }: WebhookRequest, secrets: readonly string[]): Verification {
  const parts = (readHeader(headers, 'stripe-signature') ?? '')
    .split(',')
    .map((part) => part.trim().split('='));
  const listed = (name: string) => parts.flatMap(([key, value]) => (key === name && value ? [value] : []));
  const [seconds = ''] = listed('t');
  const signatures = listed('v1').slice(0, MAX_SIGNATURES);
  if (!hasHmac({ algorithm: 'sha256', encoding: 'hex' }, [`${seconds}.`, body], signatures, secrets))
    return refuseSignature('stripe-signature');
  return checkSignedTime(Number(seconds) * SECOND, receivedAt);
}

function read({ body }: WebhookRequest, source: SourceSettings): WebhookReading {
  const json = readJsonObject(body);
  if (!json.ok) return json.unreadable;
  const event = json.value;
  const id = toText(event.id);
  const type = toText(event.type) ?? '';
  if (String(event.object).startsWith('v2.'))
    return expectField('object', '"event": set the destination to snapshot payloads', event.object, id);
  const unreadable = requireFields(event, { id: 'id', type: 'text' }, id);
  if (unreadable) return unreadable;
  const reader = getOwn(READERS, type);
  if (!reader) return ignoreTopic(SILENT, type, 'event');
  return (
    requireFields(event, { created: 'time', 'data.object': 'object', 'data.object.id': 'id' }, id) ??
    toReading(reader(readEvent(event), type, id), id, source)
  );
}

/** The object of an event, with the event itself as `event`. */
function readEvent(event: Fields): Fields {
  return { ...(readPath(event, 'data.object') as Fields), event };
}
