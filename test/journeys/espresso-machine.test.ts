import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { advanceClock } from '../../src/testing/clock.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const userId = 'ada';
const machine = {
  name: 'Order Completed',
  userId,
  context: {
    traits: { email: 'ada@example.com', firstName: 'Ada' },
    consent: { categoryPreferences: { marketing: true } },
  },
  properties: {
    order_id: 'o-1',
    total: 412,
    currency: 'EUR',
    products: [{ product_id: 'espresso-machine' }],
  },
};
const ticket = (name: string, ticket_id: string, more = {}) => ({
  name,
  userId,
  properties: { ticket_id, ...more },
});

test('story 1, D-4, D-5, D-8: a ticket suppresses marketing at once and sends help, and tips are decided again after the last ticket', async () => {
  await system.accept(machine);
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation']);

  // A day later the first tip; a week later the second one is due, but a ticket comes first.
  await system.advanceTime(customer, 7 * DAY);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation', 'tip-grinder']);
  await system.accept(ticket('Ticket Opened', 'T1', { subject: 'It leaks' }));
  await system.waitUntilSettled(customer);
  expect((await findSentActions(system, customer)).at(-1)).toBe('ticket-help');
  const help = system.mailbox
    .messages()
    .find((m) => m.subject.includes('It leaks') || m.text?.includes('T1'));
  expect(help?.to).toContain('ada@example.com');

  await system.advanceTime(customer, 5 * DAY);
  const state = (await system.getWorkflowHandle(customer).query('state')) as LiveState;
  expect(state.openTickets.map((t) => t.id)).toEqual(['T1']);
  expect(state.enrollments.find((e) => e.journey === 'tips')?.status.kind).toBe('held');

  // A second ticket opens and the first closes: marketing stays suppressed.
  await system.accept(ticket('Ticket Opened', 'T2', { subject: 'It hisses' }));
  await system.accept(ticket('Ticket Closed', 'T1'));
  await system.advanceTime(customer, 5 * DAY);
  expect((await findSentActions(system, customer)).filter((a) => a.startsWith('tip-'))).toEqual([
    'tip-grinder',
  ]);

  // The last ticket closes: a cool-down, then the survey, then tips that are still suitable.
  await system.accept(ticket('Ticket Closed', 'T2'));
  await system.advanceTime(customer, 47 * HOUR);
  expect((await findSentActions(system, customer)).at(-1)).toBe('ticket-help');
  await system.advanceTime(customer, 2 * HOUR);
  expect((await findSentActions(system, customer)).at(-1)).toBe('csat-survey');
  await system.advanceTime(customer, 2 * DAY);
  expect(await findSentActions(system, customer)).toEqual([
    'order-confirmation',
    'tip-grinder',
    'ticket-help',
    'ticket-help',
    'csat-survey',
    'tip-milk',
  ]);

  // A late "opened" for a closed ticket changes nothing.
  await system.accept(
    ticket('Ticket Opened', 'T1', { updated_at: new Date(Date.now() - DAY).toISOString() }),
  );
  await system.waitUntilSettled(customer);
  expect(((await system.getWorkflowHandle(customer).query('state')) as LiveState).openTickets).toEqual([]);
  expect(await findSentActions(system, customer)).toHaveLength(6);
  await system.replayHistories(customer);
});

test('a lost signal changes nothing: the wake-up reads the ticket from the log, and the tip is held', async () => {
  const user = 'bea';
  await system.accept({
    ...machine,
    userId: user,
    context: { ...machine.context, traits: { email: 'bea@example.com' } },
  });
  const customer = await system.findCustomerId(user);
  await system.waitUntilSettled(customer);
  // The relay does not signal this customer, so the journey learns of the ticket only through the claim.
  await system.db.db
    .sql`update wakes set lease_until = now() + interval '1 hour' where customer_id = ${customer}`;
  await system.accept({ name: 'Ticket Opened', userId: user, properties: { ticket_id: 'T9' } });
  await advanceClock(system.client, system.getWorkflowHandle(customer).workflowId, 25 * HOUR);
  await waitUntil(async () => {
    const [row] = await system.db.db
      .sql`select processed_seq >= 2 as took from wakes where customer_id = ${customer}`;
    return row?.took === true;
  }, 'the wake-up to take the ticket');
  await system.waitUntilSettled(customer);
  expect((await findSentActions(system, customer)).filter((a) => a.startsWith('tip-'))).toEqual([]);
});
