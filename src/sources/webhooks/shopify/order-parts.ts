import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import { ignore, type TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import {
  dropAbsent,
  listExternalIds,
  readAmountField,
  readLineItems,
  readObjects,
  requireFields,
} from '../payload-fields.ts';
import { ORDER, readShopifyId } from './ids.ts';
import { readProduct } from './products.ts';

/** States of a transaction by which money goes back, or will. */
const GIVEN_BACK = new Set(['success', 'pending']);
const FAILED = new Set(['failure', 'error']);
const PAYMENTS = new Set(['sale', 'authorization', 'capture']);

/**
 * Properties of `Order Refunded`; undefined if the refund has no id. The amount is what goes back by its transactions: a
 * refund may return products without money, or money without products.
 */
export function readRefund(refund: Fields, { order_id: orderId, currency }: Fields): Fields | undefined {
  const refundId = readShopifyId(refund);
  if (refundId === undefined) return undefined;
  const transactions = readObjects(refund.transactions).filter(
    ({ kind }) => kind === 'refund' || kind === 'void',
  );
  const given = transactions.filter(({ status }) => GIVEN_BACK.has(toText(status) ?? 'success'));
  const products = readLineItems(refund.refund_line_items).map((line) =>
    readProduct(readObject(line.line_item), line.quantity),
  );
  return dropAbsent({
    order_id: orderId,
    refund_id: refundId,
    total: Array.isArray(refund.transactions) ? sumAmounts(given) : undefined,
    currency: toText(given[0]?.currency) ?? currency,
    products: products.length === 0 ? undefined : products,
    reason: toText(refund.note),
  });
}

/** Sums decimals without the errors of binary fractions. */
function sumAmounts(transactions: Fields[]): number {
  const sum = transactions.reduce(
    (total, { amount }) => total + Math.round((readAmountField(amount) ?? 0) * 1e4),
    0,
  );
  return sum / 1e4;
}

/** A refund alone names the order, and no customer. */
export const readRefundWebhook: TopicReader = (refund, _, deliveryId) => {
  const unreadable = requireFields(
    refund,
    { id: 'id', order_id: 'id', created_at: 'time', transactions: 'list' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const orderId = toText(refund.order_id);
  const properties = readRefund(refund, { order_id: orderId });
  if (properties === undefined) return ignore('the refund has no id');
  return [
    {
      type: 'track',
      event: 'Order Refunded',
      timestamp: refund.created_at,
      properties,
      context: { externalIds: listExternalIds({ [ORDER]: orderId }) },
    },
  ];
};

/** A payment that failed. What succeeded is in the order's webhooks. */
export const readTransaction: TopicReader = (transaction, _, deliveryId) => {
  const { status, kind } = transaction;
  const unreadable = requireFields(
    transaction,
    { id: 'id', order_id: 'id', kind: 'text', status: 'text', created_at: 'time', amount: 'amount' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  if (!FAILED.has(String(status)) || !PAYMENTS.has(String(kind)))
    return ignore('only a payment that failed is news: the order has the others');
  const orderId = toText(transaction.order_id);
  return [
    {
      type: 'track',
      event: 'Payment Failed',
      timestamp: transaction.processed_at ?? transaction.created_at,
      properties: dropAbsent({
        order_id: orderId,
        transaction_id: readShopifyId(transaction),
        value: readAmountField(transaction.amount),
        currency: toText(transaction.currency),
        code: toText(transaction.error_code) ?? 'unknown',
        method: toText(transaction.gateway),
      }),
      context: { externalIds: listExternalIds({ [ORDER]: orderId }) },
    },
  ];
};

/** A parcel: sent by its creation, then its way. */
export const readFulfillment: TopicReader = (fulfillment, topic, deliveryId) => {
  const unreadable = requireFields(
    fulfillment,
    { id: 'id', order_id: 'id', status: 'text', updated_at: 'time' },
    deliveryId,
  );
  if (unreadable) return unreadable;
  const orderId = toText(fulfillment.order_id);
  const email = toText(fulfillment.email);
  const phone = toText(readPath(fulfillment, 'destination.phone'));
  return [
    {
      type: 'track',
      event: topic === 'fulfillments/create' ? 'Order Shipped' : 'Shipment Updated',
      timestamp: fulfillment.updated_at,
      properties: dropAbsent({
        order_id: orderId,
        fulfillment_id: readShopifyId(fulfillment),
        status: toText(fulfillment.status),
        shipment_status: toText(fulfillment.shipment_status),
        carrier: toText(fulfillment.tracking_company),
        tracking_number: toText(fulfillment.tracking_number),
        tracking_url: toText(fulfillment.tracking_url),
      }),
      context: { externalIds: listExternalIds({ [ORDER]: orderId }), traits: dropAbsent({ email, phone }) },
    },
  ];
};
