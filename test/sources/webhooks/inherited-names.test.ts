import { expect, test } from 'vitest';
import type { WebhookReading } from '../../../src/sources/webhooks/webhook-kind.ts';
import { ruleBody } from '../payloads/freshdesk/rule.ts';
import { contact, notice } from '../payloads/intercom/notices.ts';
import { CUSTOMER } from '../payloads/shopify/order.ts';
import { buildEvent, CHARGE } from '../payloads/stripe/objects.ts';
import { report } from '../payloads/twilio/requests.ts';
import { type Fields, findTicketCall, read, readCalls } from './help-desk-support.ts';

/** A name that every object inherits, as a sender may write it. */
const INHERITED = 'constructor';

const readStripeEvent = () =>
  read('stripe', { body: buildEvent(INHERITED, CHARGE, { id: 'evt_1', created: 1_794_477_605 }) as Fields });

test.each<[string, () => WebhookReading, string]>([
  [
    'a topic of Shopify',
    () => read('shopify', { headers: { 'x-shopify-topic': INHERITED }, body: {} }),
    'the topic "constructor" means nothing to journeys',
  ],
  [
    'a topic of WooCommerce',
    () => read('woocommerce', { headers: { 'x-wc-webhook-topic': INHERITED }, body: {} }),
    'the topic "constructor" means nothing to journeys',
  ],
  ['a type of Stripe', readStripeEvent, 'the event "constructor" means nothing to journeys'],
  [
    'a topic of Intercom',
    () => read('intercom', { body: notice(INHERITED, contact()) }),
    'constructor is about no ticket and no customer',
  ],
  [
    'a status of Twilio',
    () => read('twilio', { headers: { 'content-type': 'application/json' }, body: report(INHERITED) }),
    'constructor says nothing new',
  ],
])('a name that every object has is an unknown one: %s', (_, readIt, reason) => {
  expect(readIt()).toEqual({ kind: 'ignored', reason });
});

test('so are a priority and a status of Freshdesk', () => {
  const call = findTicketCall(
    readCalls('freshdesk', { body: ruleBody({ priority: INHERITED, status: INHERITED }) }),
  );
  expect(call.properties).toMatchObject({ severity: INHERITED, status: INHERITED });
});

test('and the state of a consent in Shopify', () => {
  const body = { ...CUSTOMER, email_marketing_consent: { state: INHERITED }, sms_marketing_consent: null };
  const calls = readCalls('shopify', { headers: { 'x-shopify-topic': 'customers/update' }, body });
  expect(calls.map(({ type }) => type)).toEqual(['identify']);
});
