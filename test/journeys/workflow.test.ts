import { afterAll, beforeAll, expect, test } from 'vitest';
import { toProgressView } from '../../src/domain/protocol.ts';
import { fetchHistory, serializeHistory } from '../../src/testing/replay.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, rolloverAt: 60 });
});
afterAll(() => system?.stop());

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { order_id: `o-${n}`, total: 10 },
});
const stateOf = async (customer: string) =>
  (await system.getWorkflowHandle(customer).query('state')) as LiveState;

test('correctness 32: undecodable and unknown signals are counted, and the ticket after them still suppresses', async () => {
  await system.accept(order('olga', 1));
  const customer = await system.findCustomerId('olga');
  await system.waitUntilSettled(customer);
  const execution = { workflowId: system.getWorkflowHandle(customer).workflowId };
  const garbage = {
    metadata: { encoding: Buffer.from('binary/encrypted') },
    data: Buffer.from('\u0001\u0002'),
  };
  const notJson = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{oh') };
  for (const payload of [garbage, notJson]) {
    await system.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: execution,
      signalName: 'events',
      input: { payloads: [payload] },
    });
  }
  await system.getWorkflowHandle(customer).signal('events', 'no object at all' as never);
  await system.getWorkflowHandle(customer).signal('events', { events: [null, 7, { name: 12 }] } as never);
  await system.getWorkflowHandle(customer).signal('whatIsThis', 1);
  await system.getWorkflowHandle(customer).signal('constructor', 1);
  await system.accept({ name: 'Ticket Opened', userId: 'olga', properties: { ticket_id: 'T1' } });
  await system.waitUntilSettled(customer);
  const state = await stateOf(customer);
  expect(state.openTickets.map((t) => t.id)).toEqual(['T1']);
  expect(state.unreadable).toBe(6);
  expect(state.unknownSignals).toMatchObject({ whatIsThis: 1, constructor: 1 });
  expect(await findSentActions(system, customer)).toContain('ticket-help');
  await system.replayHistories(customer);
});

test('an event that a Temporal client signals directly is appended to the log once, by the next decision', async () => {
  await system.accept(order('paul', 1));
  const customer = await system.findCustomerId('paul');
  await system.waitUntilSettled(customer);
  const event = {
    name: 'Ticket Opened',
    messageId: 'direct-1',
    at: new Date().toISOString(),
    properties: { ticket_id: 'T7', subject: 'signalled' },
  };
  await system.getWorkflowHandle(customer).signal('events', { events: [event] } as never);
  await system.getWorkflowHandle(customer).signal('events', { events: [event] } as never);
  await waitUntil(async () => (await stateOf(customer)).openTickets.length === 1, 'the ticket');
  await waitUntil(async () => (await findSentActions(system, customer)).includes('ticket-help'), 'the help');
  await system.waitUntilSettled(customer);
  const rows = await system.db.db.sql`select source from events where message_id = 'direct-1'`;
  expect(rows).toMatchObject([{ source: 'signal' }]);
  expect(await findSentActions(system, customer)).toContain('ticket-help');
});

test('B-11: a journey that rolls over repeatedly under a burst loses no event', async () => {
  await system.accept(order('rosa', 0));
  const customer = await system.findCustomerId('rosa');
  for (let n = 1; n <= 60; n++) {
    await system.accept(order('rosa', n));
    if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await waitUntil(
    async () => (await findSentActions(system, customer)).length === 61,
    'sixty-one confirmations',
    60_000,
  );
  await system.waitUntilSettled(customer);
  const first = (await system.getWorkflowHandle(customer).describe()).raw.workflowExecutionInfo;
  expect(first?.firstRunId).not.toBe(first?.execution?.runId);
  const [row] = await system.db.db
    .sql`select processed_seq, ordinal from journeys where customer_id = ${customer}`;
  const [customerRow] = await system.db.db.sql`select seq from customers where id = ${customer}`;
  expect(row?.processed_seq).toBe(customerRow?.seq);
  const mails = system.mailbox.messages().filter((m) => m.to.includes('rosa@example.com'));
  expect(new Set(mails.map((m) => m.headers['message-id'])).size).toBe(61);
  expect(mails).toHaveLength(61);
  await system.replayHistories(customer);
}, 120_000);

test('I5: view, live workflow and the fold of the log agree at the same ordinal', async () => {
  await system.accept(order('sven', 1), {
    name: 'Ticket Opened',
    userId: 'sven',
    properties: { ticket_id: 'T1' },
  });
  const customer = await system.findCustomerId('sven');
  await system.waitUntilSettled(customer);
  await waitUntil(async () => {
    const [row] = await system.db.db.sql`select ordinal from journeys where customer_id = ${customer}`;
    return (await stateOf(customer)).ordinal === row?.ordinal;
  }, 'equal ordinals');
  const [row] = await system.db.db.sql`select state from journeys where customer_id = ${customer}`;
  const live = await stateOf(customer);
  const shown = toProgressView(row?.state);
  expect(live.enrollments).toEqual(shown.enrollments);
  expect(live.openTickets).toEqual(row?.state.openTickets);
});

test('a history holds ids and states, and no content of events', async () => {
  const secret = 'a very private note';
  await system.accept({ ...order('tina', 1), properties: { order_id: 'o-1', total: 10, note: secret } });
  const customer = await system.findCustomerId('tina');
  await system.waitUntilSettled(customer);
  const history = await fetchHistory(system.client, system.getWorkflowHandle(customer).workflowId);
  const payloads = JSON.stringify(JSON.parse(serializeHistory(history)), (key, value) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
  expect(payloads).toContain('order-confirmation');
  expect(payloads).not.toContain(secret);
  expect(payloads).not.toContain('tina@example.com');
});
