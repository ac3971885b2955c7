import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

async function open(userId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    context: { traits: { email: `${userId}@example.com` } },
    properties: { order_id: `o-${userId}`, total: 10 },
  });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

const signal = (customer: string, ...args: unknown[]) =>
  system.getWorkflowHandle(customer).signal('events', ...(args as [never]));

const readState = async (customer: string) =>
  (await system.getWorkflowHandle(customer).query('state')) as LiveState;

/** Signalled events in the log, and refused ones on the rejected list. */
async function count(customer: string) {
  const [row] = await system.db.db.sql`
    select (select count(*)::int from events where customer_id = ${customer} and source = 'signal') as logged,
      (select count(*)::int from rejected where source = 'signal') as rejected`;
  return row as { logged: number; rejected: number };
}

const waitFor = (customer: string, expected: { logged: number; rejected: number }) =>
  waitUntil(
    async () => JSON.stringify(await count(customer)) === JSON.stringify(expected),
    `${JSON.stringify(expected)}`,
  );

/** Signals JSON that this process could not write itself, since it is nested too deeply. */
async function signalText(customer: string, text: string): Promise<void> {
  const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(text) };
  await system.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: system.getWorkflowHandle(customer).workflowId },
    signalName: 'events',
    input: { payloads: [payload] },
  });
}

const nest = (depth: number) => `${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`;

test('I4: whatever is signalled directly lands in the log or on the rejected list, and the journey goes on', async () => {
  const customer = await open('poisoned');
  const viewed = { name: 'Product Viewed', properties: { product_id: 'p-1' } };
  const refused = [
    { ...viewed, messageId: 'm'.repeat(10_000) },
    { ...viewed, messageId: 'half \ud83d a pair' },
    { ...viewed, messageId: 'nul \u0000' },
    { ...viewed, properties: { text: 'a\u0000b' } },
    { ...viewed, properties: { text: 'x'.repeat(1_500_000) } },
    { name: 'Ticket Opened', properties: JSON.parse(nest(100)) },
    null,
    'text',
    [],
    {},
  ];
  for (const item of refused) await signal(customer, { events: [item, viewed] });
  let poisons = refused.length;
  await waitFor(customer, { logged: poisons, rejected: poisons });
  // More levels than any stack of calls holds. One after the other: where more than 2 MB arrive during one workflow task,
  // Temporal fails it, and the SDK may write a history that cannot be replayed. Such a run is started again.
  for (const depth of [5_000, 500_000]) {
    await signalText(customer, `{"events": [{"name": "A", "properties": ${nest(depth)}}, {"name": "A"}]}`);
    poisons++;
    await waitFor(customer, { logged: poisons, rejected: poisons });
  }
  await signal(customer, 'no object at all');
  await signal(customer, { events: { length: 3 } });
  await signal(customer);
  for (const properties of ['text', [1], 7, null, undefined])
    await signal(customer, { events: [{ name: 'A', properties }] });
  await signal(customer, { events: [{ ...viewed, seq: 1 }] });
  const accepted = poisons + 6;
  await waitFor(customer, { logged: accepted, rejected: poisons + 2 });
  await system.accept({ name: 'Ticket Opened', userId: 'poisoned', properties: { ticket_id: 'T1' } });
  await system.waitUntilSettled(customer);
  expect((await readState(customer)).openTickets.map(({ id }) => id)).toEqual(['T1']);
  const codes = await system.db.db.sql`select distinct code from rejected order by code`;
  expect(codes.map((row) => row.code)).toEqual([
    'event_too_large',
    'invalid_event_name',
    'invalid_signal',
    'invalid_text',
    'message_id_too_long',
    'not_an_object',
    'too_deep',
  ]);
  await system.replayHistories(customer);
}, 60_000);

test('a burst of direct events is accepted in parts that one decision can commit', async () => {
  const customer = await open('burst');
  const before = await count(customer);
  const events = Array.from({ length: 900 }, (_, n) => ({ name: 'Product Viewed', properties: { n } }));
  await signal(customer, { events });
  await waitFor(customer, { logged: 900, rejected: before.rejected });
  await system.waitUntilSettled(customer);
  await system.replayHistories(customer);
}, 60_000);

test('direct events to a customer who was merged meanwhile are in the log of the winner, however many', async () => {
  const [loser, winner] = [await open('loser'), await open('winner')];
  const intake = { db: system.db.db, bundles: system.service.bundles };
  await mergeCustomers(intake, { workspace: WORKSPACE, loser, winner, actor: 'a test', reason: 'a test' });
  const events = Array.from({ length: 450 }, (_, n) => ({ name: 'Product Viewed', properties: { n } }));
  await system.service.journeys.signal({ workspace: WORKSPACE, customerId: loser }, events as never);
  const { rejected } = await count(winner);
  await waitFor(winner, { logged: 450, rejected });
});

test.each([['with'], ['without']])('a reset doubles no direct event %s a message id', async (how) => {
  const customer = await open(`reset-${how}`);
  const { rejected } = await count(customer);
  const events = [1, 2, 2].map((n) => ({
    name: 'Ticket Opened',
    properties: { ticket_id: `T${n}` },
    ...(how === 'with' ? { messageId: `${customer}/${randomUUID()}` } : {}),
  }));
  for (const event of events) {
    await signal(customer, { events: [event] });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await waitFor(customer, { logged: 3, rejected });
  await system.waitUntilSettled(customer);

  const { workflowId } = system.getWorkflowHandle(customer);
  const { execution } = (await system.getWorkflowHandle(customer).describe()).raw.workflowExecutionInfo ?? {};
  await system.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId: execution?.runId },
    reason: 'a test',
    // The end of the first workflow task: every signal comes again.
    workflowTaskFinishEventId: 4 as never,
    requestId: randomUUID(),
  });
  await waitUntil(async () => {
    const { raw } = await system.getWorkflowHandle(customer).describe();
    return raw.workflowExecutionInfo?.execution?.runId !== execution?.runId && !raw.pendingWorkflowTask;
  }, 'the new run');
  await signal(customer, { events: [{ name: 'Ticket Opened', properties: { ticket_id: 'T9' } }] });
  await waitFor(customer, { logged: 4, rejected });
  await system.waitUntilSettled(customer);
  expect((await readState(customer)).openTickets.map(({ id }) => id).sort()).toEqual(['T1', 'T2', 'T9']);
});
