import http from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { startApi } from '../../src/service/api.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { startTracing, type Tracing } from '../../src/tracing/start-tracing.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

/** A span as OTLP sends it in JSON. */
interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

let system: TestSystem;
let api: RunningRole & { port: number };
let writeKey: string;
let tracing: Tracing | null;
let collector: http.Server;
const bodies: string[] = [];
const spans = () =>
  bodies.flatMap((body) =>
    (JSON.parse(body).resourceSpans as { scopeSpans: { spans: SentSpan[] }[] }[]).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    ),
  );

beforeAll(async () => {
  collector = http.createServer(async (req, res) => {
    let body = '';
    for await (const piece of req) body += piece;
    if (req.url === '/v1/traces') bodies.push(body);
    res.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  process.env.OTEL_BSP_SCHEDULE_DELAY = '100';
  tracing = await startTracing('test', '1.2.3');
  system = await startTestSystem({ files: treatEveryCustomer });
  api = await startApi(system.service);
  writeKey = await createKey(system.db.db, {
    workspace: WORKSPACE,
    kind: 'write',
    scopes: [],
    label: 'shop',
  });
});
afterAll(async () => {
  await tracing?.stop();
  await api?.stop();
  await system?.stop();
  collector?.close();
});

const track = (event: string, properties: object, headers: Record<string, string> = {}) =>
  request(`http://127.0.0.1:${api.port}`)
    .post('/v1/track')
    .auth(writeKey, '')
    .set(headers)
    .send({
      userId: 'ada',
      event,
      properties,
      context: { traits: { email: 'ada@example.com', phone: '+49301234567', firstName: 'Ada' } },
    })
    .expect(200);

test("a caller's trace goes on through request, signal, decision and delivery to the provider", async () => {
  const ticket = { ticket_id: 'T1', order_id: 'o-1', subject: 'It came broken' };
  await track('Ticket Opened', ticket);
  const customer = await system.findCustomerId('ada');
  await system.waitUntilSettled(customer);
  await track('Ticket Closed', { ...ticket, fault: 'ours' }, { traceparent: `00-${TRACE}-${CALLER}-01` });
  await system.waitUntilSettled(customer);

  const find = (name: string) => spans().find((span) => span.traceId === TRACE && span.name === name);
  // A span is exported when it ends: that of the delivery after the one of its message.
  const deliverySpan = () => spans().find((span) => span.spanId === find('send sms')?.parentSpanId);
  await waitUntil(async () => deliverySpan() !== undefined, 'the spans of the text message');
  const [server, signal, decide, deliver, send] = [
    find('POST /v1/track'),
    find('signal'),
    find('decide'),
    deliverySpan(),
    find('send sms'),
  ];
  expect(server).toMatchObject({ parentSpanId: CALLER });
  expect(signal).toMatchObject({ parentSpanId: server?.spanId });
  expect(decide).toMatchObject({ parentSpanId: server?.spanId });
  expect(deliver).toMatchObject({ name: 'deliver', parentSpanId: decide?.spanId });
  const received = system.mailbox.messages().find((message) => message.channel === 'sms');
  expect(received?.headers.traceparent).toBe(`00-${TRACE}-${send?.spanId}-01`);
});

test('spans hold no id, no address and no content of a customer', async () => {
  const customer = await system.findCustomerId('ada');
  await waitUntil(async () => spans().length > 0, 'spans');
  const text = bodies.join('\n');
  for (const secret of [customer, 'ada', 'example.com', '49301234567', 'broken', writeKey])
    expect(text).not.toContain(secret);
});

test('without a sampled cause a delivery and an event carry no trace: a control', async () => {
  await tracing?.stop();
  tracing = null;
  await track('Product Viewed', { product_id: 'espresso' });
  const [row] = await system.db.db.sql`
    select body ? 'trace' as traced from events where name = 'Product Viewed' limit 1`;
  expect(row?.traced).toBe(false);
});
