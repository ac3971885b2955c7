import { toText } from '../../domain/event.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { ignore, ignoreTopic, nameVersion, type TopicReader, toReading } from './calls.ts';
import { hasHmac, readHeader } from './hmac.ts';
import { readJsonObject } from './json-body.ts';
import { readCheckout } from './shopify/checkout.ts';
import {
  readConsentUpdate,
  readCustomer,
  readCustomerRequest,
  readDeletedCustomer,
} from './shopify/customer.ts';
import { readOrder } from './shopify/order.ts';
import { readFulfillment, readRefundWebhook, readTransaction } from './shopify/order-parts.ts';
import { shopifySetup } from './shopify/setup.ts';
import {
  GENUINE,
  refuseSignature,
  type SourceSettings,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

const READERS: Readonly<Record<string, TopicReader>> = {
  'orders/create': readOrder,
  'orders/updated': readOrder,
  'orders/paid': readOrder,
  'orders/partially_fulfilled': readOrder,
  'orders/fulfilled': readOrder,
  'orders/cancelled': readOrder,
  'refunds/create': readRefundWebhook,
  'order_transactions/create': readTransaction,
  'fulfillments/create': readFulfillment,
  'fulfillments/update': readFulfillment,
  'checkouts/create': readCheckout,
  'checkouts/update': readCheckout,
  'customers/create': readCustomer,
  'customers/update': readCustomer,
  'customers/enable': readCustomer,
  'customers/disable': readCustomer,
  'customers/delete': readDeletedCustomer,
  'customers_email_marketing_consent/update': readConsentUpdate,
  'customers_marketing_consent/update': readConsentUpdate,
  'customers/redact': readCustomerRequest,
  'customers/data_request': readCustomerRequest,
};

/** Topics that someone may expect to say something, and why they don't. */
const SILENT: Readonly<Record<string, string>> = {
  'carts/create': 'a cart names no customer: checkouts do',
  'carts/update': 'a cart names no customer: checkouts do',
  'orders/edited': 'an edit names no customer: orders/updated has the order as it is now',
  'orders/delete': 'a deleted order names no customer, and its purchase happened',
  'checkouts/delete': 'a deleted checkout names no customer',
};

/**
 * Shopify. The topic is a header; the body is the whole resource. An order's webhooks all have the order as it is, so
 * that each can stand for those that were lost, and what they repeat counts once.
 */
export const shopify: WebhookKind = {
  id: 'shopify',
  name: 'Shopify',
  keptHeaders: ['x-shopify-topic', 'x-shopify-webhook-id', 'x-shopify-test'],
  verify,
  read,
  setup: shopifySetup,
};

function verify({ headers, body }: WebhookRequest, secrets: readonly string[]): Verification {
  const signature = readHeader(headers, 'x-shopify-hmac-sha256') ?? '';
  if (hasHmac({ algorithm: 'sha256', encoding: 'base64' }, [body], [signature], secrets)) return GENUINE;
  return refuseSignature('x-shopify-hmac-sha256');
}

function read({ headers, body }: WebhookRequest, source: SourceSettings): WebhookReading {
  const topic = readHeader(headers, 'x-shopify-topic') ?? '';
  const delivery = readHeader(headers, 'x-shopify-webhook-id');
  if (readHeader(headers, 'x-shopify-test') === 'true') return ignore('a test notification of Shopify');
  const reader = getOwn(READERS, topic);
  if (!reader) return ignoreTopic(SILENT, topic);
  const json = readJsonObject(body);
  if (!json.ok) return json.unreadable;
  const deliveryId =
    delivery ?? nameVersion(topic, json.value.id, toText(json.value.updated_at) ?? json.value.created_at);
  return toReading(reader(json.value, topic, deliveryId), deliveryId, source);
}
