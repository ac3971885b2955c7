import { toText } from '../../../domain/event.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import type { TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, listExternalIds, readAmountField, requireFields } from '../payload-fields.ts';
import { CUSTOMER, readShopifyId } from './ids.ts';

/** States of a consent that say something; of a customer who was never asked nothing is known. */
const CONSENTS: Readonly<Record<string, string>> = { subscribed: 'granted', unsubscribed: 'withdrawn' };

/** Name and addresses. */
export function readPerson(customer: Fields): Fields {
  return dropAbsent({
    email: toText(customer.email),
    phone: toText(customer.phone),
    firstName: toText(customer.first_name),
    lastName: toText(customer.last_name),
  });
}

export const readCustomer: TopicReader = (customer, _, deliveryId) => {
  const unreadable = requireFields(customer, { id: 'id', updated_at: 'time' }, deliveryId);
  if (unreadable) return unreadable;
  const who = { externalIds: listExternalIds({ [CUSTOMER]: readShopifyId(customer) }) };
  const traits = dropAbsent({
    ...readPerson(customer),
    shopifyState: toText(customer.state),
    shopifyTags: toText(customer.tags),
    shopifyOrders: readAmountField(customer.orders_count),
  });
  return [
    { type: 'identify', timestamp: customer.updated_at, traits, context: who },
    ...readConsentCalls(customer, who),
  ];
};

/** Statements of consent by channel, as old as Shopify says they are. What says the same again is nothing new. */
export function readConsentCalls(customer: Fields, context: Fields): Fields[] {
  const by = { email: customer.email_marketing_consent, sms: customer.sms_marketing_consent };
  return Object.entries(by).flatMap(([channel, value]) => {
    const consent = readObject(value);
    const status = getOwn(CONSENTS, toText(consent.state) ?? '');
    if (status === undefined) return [];
    const properties = { purpose: 'marketing', channel, status };
    const timestamp = consent.consent_updated_at ?? customer.updated_at ?? customer.created_at;
    return [{ type: 'track', event: 'Consent Changed', timestamp, properties, context }];
  });
}

/** A changed consent alone names the customer by `customer_id`. */
export const readConsentUpdate: TopicReader = (update, _, deliveryId) => {
  const unreadable = requireFields(update, { customer_id: 'id' }, deliveryId);
  if (unreadable) return unreadable;
  return readConsentCalls(update, { externalIds: listExternalIds({ [CUSTOMER]: update.customer_id }) });
};

export const readDeletedCustomer: TopicReader = (customer, _, deliveryId) => {
  const unreadable = requireFields(customer, { id: 'id' }, deliveryId);
  if (unreadable) return unreadable;
  const context = { externalIds: listExternalIds({ [CUSTOMER]: readShopifyId(customer) }) };
  return [{ type: 'track', event: 'Shop Account Deleted', properties: {}, context }];
};

/**
 * Requests that a shop must answer by law. They are events, so that a journey can open a task for a person: what is kept
 * of a customer is erased or exported by the API, not by a webhook.
 */
export const readCustomerRequest: TopicReader = (request, topic, deliveryId) => {
  const unreadable = requireFields(request, { 'customer.id': 'id' }, deliveryId);
  if (unreadable) return unreadable;
  const isErasure = topic === 'customers/redact';
  const orders = isErasure ? request.orders_to_redact : request.orders_requested;
  return [
    {
      type: 'track',
      event: isErasure ? 'Data Erasure Requested' : 'Data Access Requested',
      properties: dropAbsent({
        shop: toText(request.shop_domain),
        request_id: toText(readObject(request.data_request).id),
        orders: Array.isArray(orders) ? orders.flatMap((id) => toText(id) ?? []) : undefined,
      }),
      context: { externalIds: listExternalIds({ [CUSTOMER]: readObject(request.customer).id }) },
    },
  ];
};
