// Sends a story through the functions that @hey-api/openapi-ts generated from the service's document, and reads the customer
// back through them. The story comes as JSON on standard input: {"url", "writeKey", "apiKey", "calls"}.
import { text } from 'node:stream/consumers';
import { createClient } from './sdk/client/index.ts';
import { getCustomer, getMessage, type SegmentCall, sendBatch } from './sdk/index.ts';

const told = JSON.parse(await text(process.stdin)) as {
  url: string;
  writeKey: string;
  apiKey: string;
  calls: SegmentCall[];
};
// A write key is the user name of basic authentication, without a password.
const sender = createClient({ baseUrl: told.url, auth: `${told.writeKey}:` });
const reader = createClient({ baseUrl: told.url, auth: told.apiKey });

// The client leaves message ids and repeating to its user.
const batch = told.calls.map((call, index) => ({ ...call, messageId: `sdk-${index}` }));
const send = () => sendBatch({ client: sender, body: { batch }, throwOnError: true });
const sent = await send().catch(send);
if (!sent.data.success) throw new Error(JSON.stringify(sent.data));

const message = await getMessage({ client: reader, path: { messageId: 'sdk-0' } });
if (message.data?.status !== 'accepted') throw new Error(JSON.stringify(message.error ?? message.data));

const ref = message.data.customerId ?? '';
const customer = await getCustomer({ client: reader, path: { ref } });
if (!customer.data || !('orders' in customer.data)) throw new Error(JSON.stringify(customer.error));
const amounts: (string | undefined)[] = customer.data.orders.map((order) => order.total?.amount);
// @ts-expect-error an order has no such field, and the types say so
customer.data.orders.map((order) => order.totl);
console.log(JSON.stringify({ amounts }));
