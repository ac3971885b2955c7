import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import type { TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, requireFields } from '../payload-fields.ts';
import { readStripeAmount, readStripeCurrency } from './amounts.ts';
import { identify, readEventTime, readMetadata, readMode, readReference } from './objects.ts';

const PAID = new Set(['paid', 'no_payment_required']);

/**
 * A checkout. If it makes an invoice, as every subscription does, the invoice is the order. What was bought is not in
 * it: Stripe sends the line items only to those who ask.
 */
export const readCheckoutSession: TopicReader = (session, topic, deliveryId) => {
  const unreadable = requireFields(session, { id: 'id', mode: 'text', payment_status: 'text' }, deliveryId);
  if (unreadable) return unreadable;
  const who = readShopper(session);
  const timestamp = readEventTime(session);
  const facts = readFacts(session);
  const track = (event: string, at: unknown, properties: Fields) => ({
    type: 'track',
    event,
    timestamp: at,
    properties,
    ...who,
  });
  if (topic === 'checkout.session.expired') {
    const url = toText(readPath(session, 'after_expiration.recovery.url'));
    return [
      track(
        'Checkout Started',
        session.created ?? timestamp,
        dropAbsent({ ...facts, order_id: undefined, url }),
      ),
      track('Checkout Expired', timestamp, dropAbsent({ ...facts, order_id: undefined, url })),
    ];
  }
  if (topic === 'checkout.session.async_payment_failed')
    return [track('Checkout Payment Failed', timestamp, facts)];
  const calls = readConsent(session, who);
  const isPaid = PAID.has(String(session.payment_status));
  if (session.mode !== 'payment' || readReference(session.invoice) !== undefined)
    return [track('Checkout Completed', timestamp, dropAbsent({ ...facts, order_id: undefined })), ...calls];
  if (!isPaid) return [track('Checkout Completed', timestamp, facts), ...calls];
  return [track('Order Completed', timestamp, facts), ...calls];
};

function readShopper(session: Fields): Fields {
  const details = readObject(session.customer_details);
  const who = identify(session, {
    email: toText(details.email) ?? toText(session.customer_email),
    phone: toText(details.phone),
    name: toText(details.name),
  });
  const locale = toText(session.locale);
  // "auto" is the language of the browser, which Stripe does not tell.
  if (locale === undefined || locale === 'auto') return who;
  return { ...who, context: { ...(who.context as Fields), locale } };
}

function readFacts(session: Fields): Fields {
  const { currency } = session;
  const metadata = readMetadata(session);
  const paymentId = readReference(session.payment_intent);
  return dropAbsent({
    order_id: toText(metadata.order_id) ?? paymentId ?? session.id,
    payment_id: paymentId,
    cart_id: toText(metadata.cart_id) ?? session.id,
    reference: toText(session.client_reference_id),
    total: readStripeAmount(session.amount_total, currency),
    subtotal: readStripeAmount(session.amount_subtotal, currency),
    discount: readStripeAmount(readPath(session, 'total_details.amount_discount'), currency),
    tax: readStripeAmount(readPath(session, 'total_details.amount_tax'), currency),
    shipping: readStripeAmount(readPath(session, 'total_details.amount_shipping'), currency),
    coupon: toText(metadata.coupon),
    currency: readStripeCurrency(currency),
    channel: 'stripe',
    ...readMode(session),
  });
}

/** The box of a checkout that asks for promotional mails. Left empty it is no withdrawal. */
function readConsent(session: Fields, who: Fields): Fields[] {
  if (readPath(session, 'consent.promotions') !== 'opt_in') return [];
  const properties = { purpose: 'marketing', channel: 'email', status: 'granted' };
  return [{ type: 'track', event: 'Consent Changed', timestamp: readEventTime(session), properties, ...who }];
}
