import { toText } from '../../../domain/event.ts';
import { readTime } from '../../../domain/time/read-time.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import type { TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import {
  dropAbsent,
  listExternalIds,
  readAmountField,
  readObjects,
  requireFields,
} from '../payload-fields.ts';
import { readConsentCalls, readPerson } from './customer.ts';
import { CUSTOMER, ORDER, readShopifyId } from './ids.ts';
import { readRefund } from './order-parts.ts';
import { readProducts } from './products.ts';

/** Notes that a shop's own fields write on an order. */
const MOST_ATTRIBUTES = 20;
const LONGEST_ATTRIBUTE = 200;

/**
 * The calls of an order. Each webhook has the whole order, and says all of it: that it was placed (at the time of its
 * creation), what it is now (at the time of its change), and what was given back. Intake counts repeated facts once, so
 * the webhooks may come in any order, twice, or with some of them lost.
 */
export const readOrder: TopicReader = (order, topic, deliveryId) => {
  const unreadable = requireFields(
    order,
    {
      id: 'id',
      created_at: 'time',
      updated_at: 'time',
      currency: 'text',
      total_price: 'amount',
      line_items: 'list',
    },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const who = readBuyer(order);
  const isCancelled = readTime(order.cancelled_at) !== undefined;
  const track = (event: string, timestamp: unknown, properties: Fields) => ({
    type: 'track',
    event,
    timestamp,
    properties,
    context: who,
  });
  const facts = readFacts(order);
  const calls: Fields[] = [];
  // A cancelled order that was never known before must not be confirmed to the customer.
  if (!isCancelled) calls.push(track('Order Completed', order.created_at, facts));
  if (topic !== 'orders/create')
    calls.push(track('Order Updated', order.updated_at, { ...facts, status: readStatus(order) }));
  if (isCancelled) {
    const reason = toText(order.cancel_reason);
    calls.push(
      track('Order Cancelled', order.cancelled_at, dropAbsent({ order_id: facts.order_id, reason })),
    );
  }
  for (const refund of readObjects(order.refunds)) {
    const properties = readRefund(refund, facts);
    if (properties) calls.push(track('Order Refunded', refund.created_at ?? order.updated_at, properties));
  }
  if (topic === 'orders/fulfilled')
    calls.push(track('Order Fulfilled', order.updated_at, { order_id: facts.order_id }));
  if (topic === 'orders/create') calls.push(...readConsentCalls(readObject(order.customer), who));
  return calls;
};

/** Context of the order's calls. An order at a till may name nobody. */
function readBuyer(order: Fields): Fields {
  const customer = readObject(order.customer);
  const id = readShopifyId(customer);
  const person = readPerson(customer);
  const traits = dropAbsent({
    ...person,
    email: toText(order.email) ?? toText(order.contact_email) ?? person.email,
    phone: toText(order.phone) ?? person.phone ?? toText(readPath(order, 'billing_address.phone')),
  });
  const isSomebody = id !== undefined || traits.email !== undefined || traits.phone !== undefined;
  const locale = toText(order.customer_locale);
  return {
    externalIds: listExternalIds({ [CUSTOMER]: id, [ORDER]: isSomebody ? readShopifyId(order) : undefined }),
    traits,
    ...(locale === undefined ? {} : { locale }),
  };
}

function readFacts(order: Fields): Fields {
  const codes = readObjects(order.discount_codes).flatMap(({ code }) => toText(code) ?? []);
  const attributes = readObjects(order.note_attributes)
    .slice(0, MOST_ATTRIBUTES)
    .flatMap(({ name, value }) => {
      const [key, text] = [toText(name), toText(value)];
      return key === undefined || text === undefined ? [] : [[key, text.slice(0, LONGEST_ATTRIBUTE)]];
    });
  return dropAbsent({
    order_id: readShopifyId(order),
    order_number: toText(order.name),
    checkout_id: toText(order.checkout_token),
    channel: toText(order.source_name),
    total: readAmountField(order.total_price),
    subtotal: readAmountField(order.subtotal_price),
    tax: readAmountField(order.total_tax),
    shipping: readAmountField(readPath(order, 'total_shipping_price_set.shop_money.amount')),
    discount: readAmountField(order.total_discounts),
    coupon: codes.length > 1 ? codes : codes[0],
    currency: order.currency,
    products: readProducts(order.line_items),
    attributes: attributes.length === 0 ? undefined : Object.fromEntries(attributes),
    test: order.test === true ? true : undefined,
  });
}

/** Shopify's payment states, but for a cancelled order; `expired` is an authorisation that ran out: nothing is decided. */
function readStatus(order: Fields): string {
  if (readTime(order.cancelled_at) !== undefined) return 'cancelled';
  const status = toText(order.financial_status) ?? 'pending';
  return status === 'expired' ? 'unpaid' : status;
}
