import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import type { TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, requireFields } from '../payload-fields.ts';
import { readStripeAmount, readStripeCurrency } from './amounts.ts';
import { identify, readEventTime, readMetadata, readMode, readReference } from './objects.ts';

/**
 * A refund: what the charge has given back now, less what it had given back before. The sum is part of the refund's id,
 * so that an event that comes twice, or after a later one, is the same refund.
 */
export const readCharge: TopicReader = (charge, _, deliveryId) => {
  const unreadable = requireFields(
    charge,
    { id: 'id', amount: 'amount', amount_refunded: 'amount', currency: 'text' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const billing = readObject(charge.billing_details);
  const who = identify(charge, {
    email: toText(billing.email) ?? toText(charge.receipt_email),
    phone: toText(billing.phone),
  });
  const given = readGiven(charge);
  return [
    {
      type: 'track',
      event: 'Order Refunded',
      timestamp: readEventTime(charge),
      properties: dropAbsent({
        ...readOrderOf(charge),
        refund_id: `${charge.id}:${charge.amount_refunded}`,
        total: given,
        currency: readStripeCurrency(charge.currency),
        ...readMode(charge),
      }),
      ...who,
    },
  ];
};

/** How much this event gives back. Without a sum before, a part that can't be told from earlier ones is of unknown worth. */
function readGiven(charge: Fields): number | string {
  const before = readPath(charge.event, 'data.previous_attributes.amount_refunded');
  const now = charge.amount_refunded as number;
  if (typeof before === 'number') return readStripeAmount(now - before, charge.currency) ?? 'unknown';
  if (now === charge.amount) return readStripeAmount(now, charge.currency) ?? 'unknown';
  return 'unknown';
}

/** A dispute names the payment, and a customer only if its evidence does. */
export const readDispute: TopicReader = (dispute, topic, deliveryId) => {
  const unreadable = requireFields(
    dispute,
    { id: 'id', amount: 'amount', currency: 'text', status: 'text' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const who = identify(dispute, { email: toText(readPath(dispute, 'evidence.customer_email_address')) });
  const isOpen = topic === 'charge.dispute.created';
  return [
    {
      type: 'track',
      event: isOpen ? 'Dispute Opened' : 'Dispute Closed',
      timestamp: readEventTime(dispute),
      properties: dropAbsent({
        ...readOrderOf(dispute),
        dispute_id: dispute.id,
        value: readStripeAmount(dispute.amount, dispute.currency),
        currency: readStripeCurrency(dispute.currency),
        reason: toText(dispute.reason),
        status: toText(dispute.status),
        ...readMode(dispute),
      }),
      ...who,
    },
  ];
};

/** The order of a charge: as its metadata name it, else by its invoice or payment, as the order was named. */
function readOrderOf(charge: Fields): Fields {
  const paymentId = readReference(charge.payment_intent);
  return {
    order_id:
      toText(readMetadata(charge).order_id) ??
      readReference(charge.invoice) ??
      paymentId ??
      readReference(charge.charge) ??
      charge.id,
    payment_id: paymentId,
  };
}
