import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const buildQuestionEvent = (userId: string, name: string, question_id: string) => ({
  userId,
  name,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { question_id, text: 'Does it fit my grinder?' },
});

async function openQuestion(userId: string, question = 'Q1'): Promise<string> {
  await system.accept(buildQuestionEvent(userId, 'Question Asked', question));
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

async function tasks(customer: string): Promise<{ action: string; state: string; key: string }[]> {
  return system.db.db.sql<{ action: string; state: string; key: string }[]>`
    select action, state, key from agent_tasks where customer_id = ${customer} order by at, id`;
}

test('story 5, A-4: an unanswered question is followed up by a person in time, and by mail if the task expires', async () => {
  const customer = await openQuestion('ada');
  await system.advanceTime(customer, 4 * HOUR - MINUTE);
  expect(await tasks(customer)).toEqual([]);
  await system.advanceTime(customer, 2 * MINUTE);
  expect(await tasks(customer)).toMatchObject([{ action: 'answer-task', state: 'open', key: 'Q1' }]);
  await system.advanceTime(customer, 2 * HOUR + MINUTE);
  expect((await tasks(customer))[0]?.state).toBe('expired');
  expect(await findSentActions(system, customer)).toEqual(['we-are-on-it']);
  await system.replayHistories(customer);
});

test('A-4: an answer in time cancels the follow-up', async () => {
  const customer = await openQuestion('bert');
  await system.advanceTime(customer, HOUR);
  await system.accept(buildQuestionEvent('bert', 'Question Answered', 'Q1'));
  await system.advanceTime(customer, 24 * HOUR);
  expect(await tasks(customer)).toEqual([]);
  expect(await findSentActions(system, customer)).toEqual([]);
  const [row] = await system.db.db.sql`
    select reason from enrollments where customer_id = ${customer} and journey = 'unanswered-question'`;
  expect(row?.reason).toBe('exit: Question Answered');
});

test('A-4: an answer after the task was opened withdraws the task', async () => {
  const customer = await openQuestion('cleo');
  await system.advanceTime(customer, 4 * HOUR + MINUTE);
  expect(await tasks(customer)).toMatchObject([{ state: 'open' }]);
  await system.accept(buildQuestionEvent('cleo', 'Question Answered', 'Q1'));
  await system.waitUntilSettled(customer);
  expect(await tasks(customer)).toMatchObject([{ state: 'withdrawn' }]);
});

test('A-4: a second question follows up the first one in the batch that brings it', async () => {
  const customer = await openQuestion('dora');
  await system.advanceTime(customer, HOUR);
  await system.accept(buildQuestionEvent('dora', 'Question Asked', 'Q2'));
  await system.waitUntilSettled(customer);
  expect(await tasks(customer)).toMatchObject([{ action: 'answer-task', state: 'open', key: 'Q1' }]);
  // The second question has its own four hours.
  await system.advanceTime(customer, 4 * HOUR + MINUTE);
  expect((await tasks(customer)).map((task) => task.key)).toEqual(['Q1', 'Q2']);
});
