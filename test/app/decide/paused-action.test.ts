import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../../db/decisions/record/decision-record.ts';
import { pauseAction, resumeAction } from '../../../db/guardrails/paused-actions.ts';
import type { ProgressAnswer } from '../../../src/domain/protocol.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { judgeCandidate } from '../../../src/engine/gates/judge.ts';
import { bundlePolicy, claimPolicy } from '../../../src/engine/policy.ts';
import { action, candidate, facts, NOW, request } from '../../engine/support.ts';
import { createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { buildMachineOrder } from '../../support/machine-order.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const channel = fakeChannel(() => ({ state: 'sent' as const, providerId: '250 OK' }));

/** A customer who has the confirmation, and is to get the first tip a day later. */
async function machineBuyer(userId: string): Promise<string> {
  await system.accept(buildMachineOrder(userId));
  const customer = await system.findCustomerId(userId);
  const desk = createActivityCalls(system, channel);
  await desk.deliver(customer, await desk.planDelivery(customer));
  await desk.decide(customer, 2);
  return customer;
}

const pause = (id: string) =>
  pauseAction(system.db.db.sql, {
    workspace: WORKSPACE,
    action: id,
    since: NOW,
    cause: { harm: 'unsubscribe' },
  });
const resume = (id: string) =>
  resumeAction(system.db.db.sql, { workspace: WORKSPACE, action: id, by: 'ada', reason: 'fixed' });

test('I6: an action paused by a guardrail or by a person is blocked with that reason; other actions pass', () => {
  const tip = candidate(action());
  for (const [harm, code] of [
    ['refund', 'guardrail'],
    ['by_hand', 'action_paused'],
  ] as const) {
    const its = request({ facts: facts({ pausedActions: [{ action: 'tip', since: NOW - DAY, harm }] }) });
    for (const policy of [bundlePolicy(its.bundle), claimPolicy(its.bundle)])
      expect(judgeCandidate(tip, { ...its, policy }).filter((verdict) => !verdict.pass)).toEqual([
        {
          gate: 'guardrail',
          pass: false,
          code,
          observed: { harm, since: NOW - DAY },
          liftsOn: 'Action Resumed',
        },
      ]);
    expect(
      judgeCandidate(candidate(action({ id: 'other' })), its).filter((verdict) => !verdict.pass),
    ).toEqual([]);
  }
});

test('I6: a decision blocks a paused action with its reason and chooses another', async () => {
  const customer = await machineBuyer('dina');
  await pause('tip-grinder');
  const desk = createActivityCalls(system, channel);
  const answer = (await desk.decide(customer, 3, Date.now() + DAY + MINUTE)) as ProgressAnswer;
  const [row] = await system.db.db.sql`
    select record from decisions where customer_id = ${customer} order by ordinal desc limit 1`;
  const judged = decodeRecord(row?.record).candidates.find((one) => one.action === 'tip-grinder');
  expect(judged?.verdict).toBe('blocked');
  expect(judged?.gates.find((verdict) => verdict.gate === 'guardrail')).toMatchObject({
    code: 'guardrail',
    observed: { harm: 'unsubscribe', since: NOW },
    liftsOn: 'Action Resumed',
  });
  const others = await system.db.db
    .sql`select action from deliveries where id = any(${answer.effects.map((e) => e.id)})`;
  expect(others.map((one) => one.action)).not.toContain('tip-grinder');
  await resume('tip-grinder');
});

test('B-7: a delivery planned before the pause is held at its claim, and decided again within a day after the resume', async () => {
  const customer = await machineBuyer('carl');
  const desk = createActivityCalls(system, channel);
  const later = Date.now() + DAY + MINUTE;
  const answer = (await desk.decide(customer, 3, later)) as ProgressAnswer;
  const planned = answer.effects.find((effect) => effect.class === 'marketing');
  const id = planned?.id as string;
  const [row] = await system.db.db.sql`select action from deliveries where id = ${id}`;
  const tip = row?.action as string;
  await pause(tip);
  const before = channel.outgoing.length;
  expect(await desk.deliver(customer, id, later + MINUTE)).toMatchObject({ state: 'held' });
  expect(channel.outgoing).toHaveLength(before);
  const [held] = await system.db.db.sql`select verdict from deliveries where id = ${id}`;
  expect(held?.verdict).toMatchObject({ code: 'guardrail' });

  // Everything that the step may offer is paused: it's held, and looked at again within a day.
  const { sql } = system.db.db;
  const tips = ['tip-grinder', 'tip-milk', 'tip-descale', 'tip-beans', 'tip-water'];
  const offered = await system.service.bundles(sql, WORKSPACE, 1);
  const all = offered.actions.filter((one) => one.tags.includes('tips') || tips.includes(one.id));
  for (const one of all) await pause(one.id);
  const waiting = (await desk.decide(customer, 4, later + 2 * MINUTE)) as ProgressAnswer;
  expect(waiting.effects.filter((effect) => effect.class === 'marketing')).toEqual([]);
  expect(waiting.wakeAt).toBeLessThanOrEqual(later + DAY + HOUR);
  for (const one of all) await resume(one.id);
  const again = (await desk.decide(customer, 5, later + DAY + 3 * MINUTE)) as ProgressAnswer;
  expect(again.effects.some((effect) => effect.class === 'marketing')).toBe(true);
});
