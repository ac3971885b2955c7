import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem } from '../support/system.ts';

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => house?.stop());

const said = (userId: string, name: string, question_id: string) => ({
  userId,
  name,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { question_id, text: 'Does it fit my grinder?' },
});

async function asked(userId: string, question = 'Q1'): Promise<string> {
  await house.accept(said(userId, 'Question Asked', question));
  const customer = await house.findCustomerId(userId);
  await house.waitUntilSettled(customer);
  return customer;
}

async function tasks(customer: string): Promise<{ action: string; state: string; key: string }[]> {
  return house.db.db.sql<{ action: string; state: string; key: string }[]>`
    select action, state, key from agent_tasks where customer_id = ${customer} order by at, id`;
}

test('story 5, A-4: a question without an answer is followed up by a person in time, and by mail if nobody finds the time', async () => {
  const customer = await asked('ada');
  await house.advanceTime(customer, 4 * HOUR - MINUTE);
  expect(await tasks(customer)).toEqual([]);
  await house.advanceTime(customer, 2 * MINUTE);
  expect(await tasks(customer)).toMatchObject([{ action: 'answer-task', state: 'open', key: 'Q1' }]);
  await house.advanceTime(customer, 2 * HOUR + MINUTE);
  expect((await tasks(customer))[0]?.state).toBe('expired');
  expect(await findSentActions(house, customer)).toEqual(['we-are-on-it']);
  await house.replayHistories(customer);
});

test('A-4: an answer before the time is up cancels the follow-up', async () => {
  const customer = await asked('bert');
  await house.advanceTime(customer, HOUR);
  await house.accept(said('bert', 'Question Answered', 'Q1'));
  await house.advanceTime(customer, 24 * HOUR);
  expect(await tasks(customer)).toEqual([]);
  expect(await findSentActions(house, customer)).toEqual([]);
  const [row] = await house.db.db.sql`
    select reason from enrollments where customer_id = ${customer} and journey = 'unanswered-question'`;
  expect(row?.reason).toBe('exit: Question Answered');
});

test('A-4: an answer that comes after the task was opened withdraws it', async () => {
  const customer = await asked('cleo');
  await house.advanceTime(customer, 4 * HOUR + MINUTE);
  expect(await tasks(customer)).toMatchObject([{ state: 'open' }]);
  await house.accept(said('cleo', 'Question Answered', 'Q1'));
  await house.waitUntilSettled(customer);
  expect(await tasks(customer)).toMatchObject([{ state: 'withdrawn' }]);
});

test('A-4: a second question never finds that nothing was done: it ends the first one’s patience in the batch that brings it', async () => {
  const customer = await asked('dora');
  await house.advanceTime(customer, HOUR);
  await house.accept(said('dora', 'Question Asked', 'Q2'));
  await house.waitUntilSettled(customer);
  expect(await tasks(customer)).toMatchObject([{ action: 'answer-task', state: 'open', key: 'Q1' }]);
  // The second has four hours of its own.
  await house.advanceTime(customer, 4 * HOUR + MINUTE);
  expect((await tasks(customer)).map((task) => task.key)).toEqual(['Q1', 'Q2']);
});
