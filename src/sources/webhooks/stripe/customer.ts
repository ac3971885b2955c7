import { toText } from '../../../domain/event.ts';
import { readObject } from '../../../domain/values/json-object.ts';
import { readPath } from '../../../domain/values/read-path.ts';
import type { TopicReader } from '../calls.ts';
import type { Fields } from '../json-body.ts';
import { dropAbsent, readObjects, requireFields } from '../payload-fields.ts';
import { identify, readEventTime, readMode, readReference } from './objects.ts';

export const readCustomer: TopicReader = (customer, topic) => {
  const timestamp = readEventTime(customer);
  const own = { ...customer, customer: customer.id };
  if (topic === 'customer.deleted')
    return [
      {
        type: 'track',
        event: 'Stripe Customer Deleted',
        timestamp,
        properties: readMode(customer),
        ...identify(own, {}),
      },
    ];
  const [locale] = Array.isArray(customer.preferred_locales) ? customer.preferred_locales : [];
  const traits = dropAbsent({
    email: toText(customer.email),
    phone: toText(customer.phone),
    name: toText(customer.name),
    locale: toText(locale),
  });
  return [{ type: 'identify', timestamp, traits, ...identify(own, {}) }];
};

const NAMES: Readonly<Record<string, string>> = {
  'customer.subscription.created': 'Subscription Started',
  'customer.subscription.updated': 'Subscription Updated',
  'customer.subscription.deleted': 'Subscription Ended',
};

export const readSubscription: TopicReader = (subscription, topic, deliveryId) => {
  const unreadable = requireFields(subscription, { id: 'id', status: 'text', customer: 'id' }, deliveryId);
  if (unreadable) return unreadable;
  const timestamp = readEventTime(subscription);
  const event = NAMES[topic];
  return [
    { type: 'track', event, timestamp, properties: readTerms(subscription), ...identify(subscription, {}) },
  ];
};

function readTerms(subscription: Fields): Fields {
  const [item = {}] = readObjects(readPath(subscription, 'items.data'));
  const price = readObject(item.price);
  return dropAbsent({
    subscription_id: subscription.id,
    status: toText(subscription.status),
    product_id: readReference(price.product),
    plan: toText(price.id),
    interval: toText(readPath(price, 'recurring.interval')),
    quantity: item.quantity,
    // Newer versions of the API have the period on the items.
    current_period_end: subscription.current_period_end ?? item.current_period_end,
    trial_end: subscription.trial_end,
    cancel_at: subscription.cancel_at,
    cancels_at_period_end: subscription.cancel_at_period_end === true ? true : undefined,
    reason: toText(readPath(subscription, 'cancellation_details.reason')),
    feedback: toText(readPath(subscription, 'cancellation_details.feedback')),
    ...readMode(subscription),
  });
}
