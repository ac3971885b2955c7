import { toText } from '../../../domain/event.ts';
import { readTime } from '../../../domain/time/read-time.ts';
import { toDate } from '../../../domain/time/time.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { ignore, type TopicReading } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import {
  dropAbsent,
  readAmountField,
  readLineItems,
  readObjects,
  readProductName,
  requireFields,
} from '../payload-fields.ts';
import { identifyBuyer } from './customer.ts';

/** States in which an order is placed; another one counts if a payment has a date. */
const PLACED = new Set(['on-hold', 'processing', 'completed', 'refunded']);
/** States of an order that waits for a payment: to the customer it is still a cart. */
const UNPAID = new Set(['pending', 'failed']);
const DRAFTS = new Set(['checkout-draft', 'auto-draft', 'draft']);

/**
 * The calls of an order. Each webhook has the whole order, and says all of it, at the time of its creation or of its
 * change. Intake counts repeated facts once, so the webhooks may come in any order, twice, or with some of them lost.
 */
export function readOrder(order: Fields, source: string, deliveryId: string | undefined): TopicReading {
  const unreadable = requireFields(
    order,
    {
      id: 'id',
      status: 'text',
      date_created_gmt: 'time',
      date_modified_gmt: 'time',
      currency: 'text',
      total: 'amount',
      line_items: 'list',
    },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const status = String(order.status).replace(/^wc-/, '');
  if (DRAFTS.has(status)) return ignore('a draft is no order');
  const context = readBuyer(order, source);
  const track = (event: string, timestamp: unknown, properties: Fields) => ({
    type: 'track',
    event,
    timestamp,
    properties,
    context,
  });
  const facts = readFacts(order);
  const { order_id: orderId, total, currency, products } = facts;
  const { date_created_gmt: created, date_modified_gmt: modified } = order;
  const calls: Fields[] = [];
  if (UNPAID.has(status)) {
    // The cart from which the order was made: an order that is paid afterwards empties it.
    const cart = { cart_id: `order-${orderId}`, order_id: orderId, total, currency, products };
    calls.push(track('Checkout Started', justBefore(created), cart));
    if (status === 'failed') calls.push(track('Payment Failed', modified, readFailure(order, facts)));
    return calls;
  }
  if (PLACED.has(status) || (status !== 'cancelled' && readTime(order.date_paid_gmt) !== undefined))
    calls.push(track('Order Completed', created, facts));
  calls.push(track('Order Updated', modified, { ...facts, status }));
  if (status === 'cancelled') calls.push(track('Order Cancelled', modified, { order_id: orderId }));
  for (const refund of readObjects(order.refunds)) {
    const properties = readRefund(refund, facts);
    if (properties) calls.push(track('Order Refunded', modified, properties));
  }
  return calls;
}

function readBuyer(order: Fields, source: string): Fields {
  const billing = readObject(order.billing);
  const traits = dropAbsent({
    email: toText(billing.email),
    phone: toText(billing.phone),
    firstName: toText(billing.first_name),
    lastName: toText(billing.last_name),
  });
  return { ...identifyBuyer(source, order.customer_id), traits };
}

function readFacts(order: Fields): Fields {
  const codes = readObjects(order.coupon_lines).flatMap(({ code }) => toText(code) ?? []);
  return dropAbsent({
    order_id: toText(order.id),
    order_number: toText(order.number),
    channel: toText(order.created_via),
    total: readAmountField(order.total),
    tax: readAmountField(order.total_tax),
    shipping: readAmountField(order.shipping_total),
    discount: readAmountField(order.discount_total),
    coupon: codes.length > 1 ? codes : codes[0],
    currency: order.currency,
    products: readLineItems(order.line_items).map(readProduct),
  });
}

function readProduct(item: Fields): Fields {
  const quantity = readAmountField(item.quantity);
  const subtotal = readAmountField(item.subtotal);
  const each =
    subtotal === undefined || !quantity ? undefined : Math.round((subtotal / quantity) * 1e4) / 1e4;
  return dropAbsent({
    product_id: toText(item.product_id),
    variant_id: item.variation_id === 0 ? undefined : toText(item.variation_id),
    sku: toText(item.sku),
    name: readProductName(item.name),
    price: readAmountField(item.price) ?? each,
    quantity,
  });
}

function readFailure(order: Fields, facts: Fields): Fields {
  return dropAbsent({
    order_id: facts.order_id,
    cart_id: `order-${facts.order_id}`,
    value: facts.total,
    currency: facts.currency,
    // WooCommerce says that a payment failed, and not why.
    code: 'unknown',
    method: toText(order.payment_method),
    products: facts.products,
  });
}

/** A refund in an order has a number and a negative total; its day is not said. */
function readRefund(refund: Fields, { order_id: orderId, currency }: Fields): Fields | undefined {
  const total = readAmountField(refund.total);
  const refundId = toText(refund.id);
  if (refundId === undefined) return undefined;
  return dropAbsent({
    order_id: orderId,
    refund_id: refundId,
    total: total === undefined ? 'unknown' : Math.abs(total),
    currency,
    reason: toText(refund.reason),
  });
}

function justBefore(time: unknown): string {
  return toDate((readTime(time) as number) - 1).toISOString();
}
