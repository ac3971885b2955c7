import { afterAll, beforeAll, expect, test } from 'vitest';
import { toProgressView } from '../../src/domain/protocol.ts';
import { fetchHistory, serializeHistory } from '../../src/testing/replay.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({ files: treatEveryCustomer, rolloverAt: 60 });
});
afterAll(() => house?.stop());

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { order_id: `o-${n}`, total: 10 },
});
const stateOf = async (customer: string) =>
  (await house.getWorkflowHandle(customer).query('state')) as LiveState;

test('correctness 32: what nobody can decode, and signals of unknown names, are counted; the ticket after them silences', async () => {
  await house.accept(order('olga', 1));
  const customer = await house.findCustomerId('olga');
  await house.waitUntilSettled(customer);
  const execution = { workflowId: house.getWorkflowHandle(customer).workflowId };
  const garbage = {
    metadata: { encoding: Buffer.from('binary/encrypted') },
    data: Buffer.from('\u0001\u0002'),
  };
  const notJson = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{oh') };
  for (const payload of [garbage, notJson]) {
    await house.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: execution,
      signalName: 'events',
      input: { payloads: [payload] },
    });
  }
  await house.getWorkflowHandle(customer).signal('events', 'no object at all' as never);
  await house.getWorkflowHandle(customer).signal('events', { events: [null, 7, { name: 12 }] } as never);
  await house.getWorkflowHandle(customer).signal('whatIsThis', 1);
  await house.getWorkflowHandle(customer).signal('constructor', 1);
  await house.accept({ name: 'Ticket Opened', userId: 'olga', properties: { ticket_id: 'T1' } });
  await house.waitUntilSettled(customer);
  const state = await stateOf(customer);
  expect(state.openTickets.map((t) => t.id)).toEqual(['T1']);
  expect(state.unreadable).toBe(6);
  expect(state.unknownSignals).toMatchObject({ whatIsThis: 1, constructor: 1 });
  expect(await findSentActions(house, customer)).toContain('ticket-help');
  await house.replayHistories(customer);
});

test('a Temporal client may signal the journey itself: the event is in the log once it was decided, and once only', async () => {
  await house.accept(order('paul', 1));
  const customer = await house.findCustomerId('paul');
  await house.waitUntilSettled(customer);
  const event = {
    name: 'Ticket Opened',
    messageId: 'direct-1',
    at: new Date().toISOString(),
    properties: { ticket_id: 'T7', subject: 'signalled' },
  };
  await house.getWorkflowHandle(customer).signal('events', { events: [event] } as never);
  await house.getWorkflowHandle(customer).signal('events', { events: [event] } as never);
  await waitUntil(async () => (await stateOf(customer)).openTickets.length === 1, 'the ticket');
  await waitUntil(async () => (await findSentActions(house, customer)).includes('ticket-help'), 'the help');
  await house.waitUntilSettled(customer);
  const rows = await house.db.db.sql`select source from events where message_id = 'direct-1'`;
  expect(rows).toMatchObject([{ source: 'signal' }]);
  expect(await findSentActions(house, customer)).toContain('ticket-help');
});

test('B-11: under a burst the journey rolls over again and again, and loses nothing', async () => {
  await house.accept(order('rosa', 0));
  const customer = await house.findCustomerId('rosa');
  for (let n = 1; n <= 60; n++) {
    await house.accept(order('rosa', n));
    if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await waitUntil(
    async () => (await findSentActions(house, customer)).length === 61,
    'sixty-one confirmations',
    60_000,
  );
  await house.waitUntilSettled(customer);
  const first = (await house.getWorkflowHandle(customer).describe()).raw.workflowExecutionInfo;
  expect(first?.firstRunId).not.toBe(first?.execution?.runId);
  const [row] = await house.db.db
    .sql`select processed_seq, ordinal from journeys where customer_id = ${customer}`;
  const [customerRow] = await house.db.db.sql`select seq from customers where id = ${customer}`;
  expect(row?.processed_seq).toBe(customerRow?.seq);
  const mails = house.mailbox.messages().filter((m) => m.to.includes('rosa@example.com'));
  expect(new Set(mails.map((m) => m.headers['message-id'])).size).toBe(61);
  expect(mails).toHaveLength(61);
  await house.replayHistories(customer);
}, 120_000);

test('I5: view, live workflow and the fold of the log agree at the same ordinal', async () => {
  await house.accept(order('sven', 1), {
    name: 'Ticket Opened',
    userId: 'sven',
    properties: { ticket_id: 'T1' },
  });
  const customer = await house.findCustomerId('sven');
  await house.waitUntilSettled(customer);
  await waitUntil(async () => {
    const [row] = await house.db.db.sql`select ordinal from journeys where customer_id = ${customer}`;
    return (await stateOf(customer)).ordinal === row?.ordinal;
  }, 'equal ordinals');
  const [row] = await house.db.db.sql`select state from journeys where customer_id = ${customer}`;
  const live = await stateOf(customer);
  const shown = toProgressView(row?.state);
  expect(live.enrollments).toEqual(shown.enrollments);
  expect(live.openTickets).toEqual(row?.state.openTickets);
});

test('a history holds ids and states, and nothing of what events said', async () => {
  const secret = 'a very private note';
  await house.accept({ ...order('tina', 1), properties: { order_id: 'o-1', total: 10, note: secret } });
  const customer = await house.findCustomerId('tina');
  await house.waitUntilSettled(customer);
  const history = await fetchHistory(house.client, house.getWorkflowHandle(customer).workflowId);
  const payloads = JSON.stringify(JSON.parse(serializeHistory(history)), (key, value) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
  expect(payloads).toContain('order-confirmation');
  expect(payloads).not.toContain(secret);
  expect(payloads).not.toContain('tina@example.com');
});
