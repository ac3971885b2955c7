import { getOwn } from '../../domain/values/get-own.ts';
import { ignoreTopic, nameVersion, toReading } from './calls.ts';
import { hasHmac, readHeader } from './hmac.ts';
import { readJsonObject } from './json-body.ts';
import {
  GENUINE,
  refuseSignature,
  type SourceSettings,
  type Verification,
  type WebhookKind,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';
import { readCustomer } from './woocommerce/customer.ts';
import { readOrder } from './woocommerce/order.ts';
import { woocommerceSetup } from './woocommerce/setup.ts';

/** What WooCommerce sends once when a webhook is saved: a form, without a topic and without a signature. */
const PING = /^webhook_id=\d{1,20}$/;

const READERS: Readonly<Record<string, typeof readOrder>> = {
  'order.created': readOrder,
  'order.updated': readOrder,
  'order.restored': readOrder,
  'customer.created': readCustomer,
  'customer.updated': readCustomer,
};

/** Topics that someone may expect to say something, and why they don't. */
const SILENT: Readonly<Record<string, string>> = {
  'order.deleted': 'a deleted order names no customer, and its purchase happened',
  'customer.deleted': 'a deleted account changes nothing that is known of the customer',
};

/**
 * WooCommerce. It disables a webhook after five answers in a row that are no success, so a payload that can't be read is
 * answered with 200 and kept. It does not send a failed delivery again; the next change of the order brings all of it.
 */
export const woocommerce: WebhookKind = {
  id: 'woocommerce',
  name: 'WooCommerce',
  keptHeaders: ['x-wc-webhook-topic', 'x-wc-webhook-delivery-id'],
  verify,
  read,
  setup: woocommerceSetup,
};

function verify({ headers, body }: WebhookRequest, secrets: readonly string[]): Verification {
  const signature = readHeader(headers, 'x-wc-webhook-signature');
  if (hasHmac({ algorithm: 'sha256', encoding: 'base64' }, [body], [signature ?? ''], secrets))
    return GENUINE;
  if (signature === undefined && body.length < 40 && PING.test(body.toString())) return { kind: 'ping' };
  return refuseSignature('x-wc-webhook-signature');
}

function read({ headers, body }: WebhookRequest, source: SourceSettings): WebhookReading {
  const topic = readHeader(headers, 'x-wc-webhook-topic') ?? '';
  const delivery = readHeader(headers, 'x-wc-webhook-delivery-id');
  const reader = getOwn(READERS, topic);
  if (!reader) return ignoreTopic(SILENT, topic);
  const json = readJsonObject(body);
  if (!json.ok) return json.unreadable;
  const deliveryId = delivery ?? nameVersion(topic, json.value.id, json.value.date_modified_gmt);
  return toReading(reader(json.value, source.id, deliveryId), deliveryId, source);
}
