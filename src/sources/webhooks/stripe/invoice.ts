import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import { ignore, type TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, readLineItems, readObjects, readProductName, requireFields } from '../payload-fields.ts';
import { readStripeAmount, readStripeCurrency } from './amounts.ts';
import { identify, readEventTime, readMetadata, readMode, readReference } from './objects.ts';

/** A paid invoice is an order. A failed attempt says when Stripe tries again; why it failed is in the payment's event. */
export const readInvoice: TopicReader = (invoice, topic, deliveryId) => {
  const unreadable = requireFields(
    invoice,
    { id: 'id', currency: 'text', amount_paid: 'amount', amount_due: 'amount' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const who = identify(withInherited(invoice), {
    email: toText(invoice.customer_email),
    phone: toText(invoice.customer_phone),
  });
  const isPaid = topic === 'invoice.paid';
  if (isPaid && invoice.amount_paid === 0 && invoice.billing_reason !== 'manual')
    return ignore('nothing was paid: a trial, or credit');
  const properties = isPaid ? readOrder(invoice) : readAttempt(invoice);
  const paidAt = readPath(invoice, 'status_transitions.paid_at');
  return [
    {
      type: 'track',
      event: isPaid ? 'Order Completed' : 'Invoice Payment Failed',
      timestamp: (isPaid ? paidAt : undefined) ?? readEventTime(invoice),
      properties,
      ...who,
    },
  ];
};

function readOrder(invoice: Fields): Fields {
  const { currency } = invoice;
  const discounts = readObjects(invoice.total_discount_amounts);
  const discount = discounts.reduce((sum, { amount }) => sum + (typeof amount === 'number' ? amount : 0), 0);
  return dropAbsent({
    order_id: toText(readMetadata(withInherited(invoice)).order_id) ?? invoice.id,
    ...readShared(invoice),
    total: readStripeAmount(invoice.amount_paid, currency),
    subtotal: readStripeAmount(invoice.subtotal, currency),
    discount: discount > 0 ? readStripeAmount(discount, currency) : undefined,
    products: readLines(invoice),
    channel: 'stripe',
  });
}

function readAttempt(invoice: Fields): Fields {
  return dropAbsent({
    ...readShared(invoice),
    value: readStripeAmount(invoice.amount_due, invoice.currency),
    attempt: invoice.attempt_count,
    next_attempt: invoice.next_payment_attempt,
    url: toText(invoice.hosted_invoice_url),
  });
}

function readShared(invoice: Fields): Fields {
  return {
    invoice_id: invoice.id,
    invoice_number: toText(invoice.number),
    // Newer versions of the API name the subscription within `parent`.
    subscription_id:
      readReference(invoice.subscription) ??
      readReference(readPath(invoice, 'parent.subscription_details.subscription')),
    billing_reason: toText(invoice.billing_reason),
    currency: readStripeCurrency(invoice.currency),
    ...readMode(invoice),
  };
}

function readLines(invoice: Fields): Fields[] | undefined {
  const lines = readLineItems(readPath(invoice, 'lines.data')).map((line) => {
    const quantity = typeof line.quantity === 'number' && line.quantity > 0 ? line.quantity : 1;
    const amount = readStripeAmount(line.amount, invoice.currency);
    return dropAbsent({
      product_id:
        readReference(readPath(line, 'price.product')) ??
        readReference(readPath(line, 'pricing.price_details.product')),
      sku: readReference(line.price) ?? readReference(readPath(line, 'pricing.price_details.price')),
      name: readProductName(line.description),
      // A credit for unused time is negative: a product of no price.
      price: amount === undefined || amount < 0 ? undefined : amount / quantity,
      quantity,
    });
  });
  return lines.length === 0 ? undefined : lines;
}

/** The metadata of a subscription are on its invoices; those of the invoice go before. */
function withInherited(invoice: Fields): Fields {
  const inherited =
    readPath(invoice, 'parent.subscription_details.metadata') ??
    readPath(invoice, 'subscription_details.metadata');
  // An order is placed once, and a subscription is billed often: its metadata name no order.
  const { order_id: _, ...person } = readObject(inherited);
  return { ...invoice, metadata: { ...person, ...readMetadata(invoice) } };
}
