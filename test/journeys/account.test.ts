import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

/** Leaves only the cap of the account, so that no other rule can hold a mail. */
const cappedAt = (max: number) => (files: BundleFile[]) =>
  replaceInFile(
    'workspace.yaml',
    /^caps:\n(?: {2}- .*\n)+/m,
    `caps: [{ max: ${max}, per: 7d, of: account }]\n`,
  )(treatEveryCustomer(files));

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: cappedAt(2) });
});
afterAll(() => system?.stop());

const localDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Creates members of a company whose contract ends in 70 days: reminders are due in ten. */
async function company(groupId: string, people: string[]): Promise<string[]> {
  for (const userId of people) {
    await system.accept({
      name: 'Customer Identified',
      type: 'identify',
      userId,
      traits: { email: `${userId}@${groupId}.example` },
      context: { groupId, consent: { categoryPreferences: { marketing: true } } },
    });
  }
  await system.accept({
    name: 'Group Joined',
    type: 'group',
    userId: people[0] as string,
    properties: { groupId },
    traits: { name: groupId, renewal_date: localDay(Date.now() + 70 * DAY) },
  });
  const customers = await Promise.all(people.map((userId) => system.findCustomerId(userId)));
  for (const customer of customers) await system.waitUntilSettled(customer);
  return customers;
}

const ticket = (userId: string, name: string, ticket_id = 'T1') => ({
  userId,
  name,
  properties: { ticket_id },
});

async function renewalOf(customer: string): Promise<string | undefined> {
  const state = (await system.getWorkflowHandle(customer).query('state')) as LiveState;
  return state.enrollments.find((enrollment) => enrollment.journey === 'renewal')?.status.kind;
}

test('story 9, E-7: a ticket of one member suppresses renewal marketing for the whole account until it closes', async () => {
  const [ada, bert, cleo] = (await company('acme', ['ada', 'bert', 'cleo'])) as [string, string, string];
  await system.accept(ticket('ada', 'Ticket Opened'));
  // Echoes reach the other members, so that their journeys suppress marketing before anything is due.
  for (const customer of [bert, cleo])
    await waitUntil(async () => {
      const state = (await system.getWorkflowHandle(customer).query('state')) as LiveState;
      return state.openTickets.some((open) => open.id === 'T1');
    }, 'the colleague to know');
  for (const customer of [ada, bert, cleo]) {
    await system.advanceTime(customer, 11 * DAY);
    expect(await findSentActions(system, customer)).not.toContain('renewal-mail');
    expect(await renewalOf(customer)).toBe('held');
  }
  // Only the member who opened the ticket gets help about it.
  expect(await findSentActions(system, ada)).toEqual(['ticket-help']);
  expect(await findSentActions(system, bert)).toEqual([]);

  await system.accept(ticket('ada', 'Ticket Closed'));
  await waitUntil(async () => {
    const [row] = await system.db.db.sql`
      select bool_and(quiet_until is not null) as begun from tickets where customer_id = ${ada}`;
    return row?.begun === true;
  }, 'the cool-down to begin');
  for (const customer of [bert, cleo]) {
    await system.waitUntilSettled(customer);
    await system.advanceTime(customer, 47 * HOUR);
    expect(await findSentActions(system, customer)).toEqual([]);
    await system.advanceTime(customer, 2 * HOUR);
    expect(await findSentActions(system, customer)).toEqual(['renewal-mail']);
  }
  await system.replayHistories(ada, bert, cleo);
}, 120_000);

test('story 9, E-7, B-3: the cap of an account limits all its members together, in any order', async () => {
  const people = await company('umbrella', ['dora', 'emil', 'fritz']);
  for (const customer of people) await system.advanceTime(customer, 11 * DAY);
  const [row] = await system.db.db.sql`
    select count(*)::int as n from deliveries
    where account_id = 'umbrella' and action = 'renewal-mail' and state = 'sent'`;
  expect(row?.n).toBe(2);
  const held = await Promise.all(people.map(renewalOf));
  expect(held.filter((kind) => kind === 'held')).toHaveLength(1);
  const [last] = await system.db.db.sql`
    select record from decisions where customer_id = any(${people}) and outcome = 'held'
    order by committed_at desc limit 1`;
  const blocked = decodeRecord(last?.record).candidates.flatMap(({ gates }) =>
    gates.filter((gate) => !gate.pass).map((gate) => gate.code),
  );
  expect(blocked).toContain('cap_reached');
}, 120_000);

test('E-7: a renewal by one member reaches the goal of all members', async () => {
  const people = await company('initech', ['gina', 'hugo']);
  for (const customer of people) await system.advanceTime(customer, 11 * DAY);
  await system.accept({ name: 'Contract Renewed', userId: 'gina', properties: { contract_id: 'C1' } });
  for (const customer of people) {
    await waitUntil(async () => {
      const [row] = await system.db.db.sql`
        select reason from enrollments where customer_id = ${customer} and journey = 'renewal'`;
      return row?.reason === 'goal';
    }, `the goal of ${customer}`);
  }
});
