// Sends a story through a client whose types openapi-typescript generated from the service's document, and reads the
// customer back through the same client. The story comes as JSON on standard input: {"url", "writeKey", "apiKey",
// "calls"}.
import { text } from 'node:stream/consumers';
import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

type SegmentCall = components['schemas']['SegmentCall'];

const told = JSON.parse(await text(process.stdin)) as {
  url: string;
  writeKey: string;
  apiKey: string;
  calls: SegmentCall[];
};
const sender = createClient<paths>({
  baseUrl: told.url,
  headers: { authorization: `Bearer ${told.writeKey}` },
});
const reader = createClient<paths>({
  baseUrl: told.url,
  headers: { authorization: `Bearer ${told.apiKey}` },
});

// The client leaves message ids and repeating to its user.
const batch = told.calls.map((call, index) => ({ ...call, messageId: `typed-${index}` }));
const send = () => sender.POST('/v1/batch', { body: { batch } });
const sent = await send().catch(send);
if (!sent.data?.success) throw new Error(JSON.stringify(sent.error));

const message = await reader.GET('/v1/events/{messageId}', { params: { path: { messageId: 'typed-0' } } });
if (message.data?.status !== 'accepted') throw new Error(JSON.stringify(message.error ?? message.data));

const ref = message.data.customerId ?? '';
const customer = await reader.GET('/v1/customers/{ref}', { params: { path: { ref } } });
if (!customer.data || !('orders' in customer.data)) throw new Error(JSON.stringify(customer));
const amounts: (string | undefined)[] = customer.data.orders.map((order) => order.total?.amount);
// @ts-expect-error an order has no such field, and the types say so
customer.data.orders.map((order) => order.totl);
console.log(JSON.stringify({ amounts }));
