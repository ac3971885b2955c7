import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import { ignore, type TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, requireFields } from '../payload-fields.ts';
import { readStripeAmount, readStripeCurrency } from './amounts.ts';
import { identify, readEventTime, readMetadata, readMode, readReference } from './objects.ts';

/** A payment is an order only if the shop says which: a checkout or an invoice may report the same purchase. */
export const readPayment: TopicReader = (payment, _, deliveryId) => {
  const unreadable = requireFields(
    payment,
    { id: 'id', amount_received: 'amount', currency: 'text' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const orderId = toText(readMetadata(payment).order_id);
  if (orderId === undefined)
    return ignore('metadata.order_id names no order: a checkout or an invoice reports what was bought');
  const who = identify(payment, { email: toText(payment.receipt_email) });
  return [
    {
      type: 'track',
      event: 'Order Completed',
      timestamp: readEventTime(payment),
      properties: dropAbsent({
        order_id: orderId,
        payment_id: payment.id,
        total: readStripeAmount(payment.amount_received, payment.currency),
        currency: readStripeCurrency(payment.currency),
        channel: 'stripe',
        ...readMode(payment),
      }),
      ...who,
    },
  ];
};

/** One attempt to pay that failed. Each attempt has a charge of its own, so that two declines are two failures. */
export const readFailedPayment: TopicReader = (payment, _, deliveryId) => {
  const unreadable = requireFields(payment, { id: 'id', amount: 'amount', currency: 'text' }, deliveryId);
  if (unreadable) return unreadable;
  const error = readObject(payment.last_payment_error);
  const billing = readObject(readPath(error, 'payment_method.billing_details'));
  const who = identify(payment, {
    email: toText(payment.receipt_email) ?? toText(billing.email),
    phone: toText(billing.phone),
  });
  return [
    {
      type: 'track',
      event: 'Payment Failed',
      timestamp: readEventTime(payment),
      properties: readFailure(payment, error),
      ...who,
    },
  ];
};

function readFailure(payment: Fields, error: Fields): Fields {
  const metadata = readMetadata(payment);
  return dropAbsent({
    order_id: toText(metadata.order_id) ?? readReference(payment.invoice) ?? payment.id,
    cart_id: toText(metadata.cart_id),
    payment_id: payment.id,
    charge_id: readReference(error.charge) ?? readReference(payment.latest_charge),
    value: readStripeAmount(payment.amount, payment.currency),
    currency: readStripeCurrency(payment.currency),
    code: toText(error.decline_code) ?? toText(error.code) ?? 'unknown',
    method: toText(readPath(error, 'payment_method.type')),
    ...readMode(payment),
  });
}
