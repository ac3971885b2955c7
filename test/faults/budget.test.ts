import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { subjectId } from '../../db/locks/lock-subjects.ts';
import type { DecisionContext } from '../../src/app/decide/decision-context.ts';
import type { SendResult } from '../../src/channels/channel.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import type { BundleFile } from '../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../support/system.ts';

const sentOk = (): SendResult => ({ state: 'sent', providerId: '' });

/** One journey that gives one item away, through both channels, to every customer with a request. */
function giving(id: string, rules: string, workspace = 'aroma', group = ''): BundleFile[] {
  const files = [
    {
      path: 'workspace.yaml',
      text: `id: ${workspace}\nname: Shop\ncurrency: EUR\ntimezone: Europe/Berlin\nlocales: [en]\nspacing: 0s\nholdout: 0%\nchannels: { sms: { via: webhook, address: phone } }\nsender: { name: Shop, email: shop@example.com }\n`,
    },
    {
      path: 'journeys/giving.yaml',
      text: `id: giving\nclass: service\nowner: care\nenter: { on: Gift Asked }\nreenter: always\nexit: [{ after: 60d }]\nsteps: [{ id: give, decide: { actions: [${id}], deliver: all, hold: 2d } }]\n`,
    },
    {
      path: 'actions/gift.yaml',
      text: `id: ${id}\nclass: service\nchannels: [email, sms]\n${rules}\n`,
    },
    { path: `content/${id}/email.en.liquid`, text: '---\nsubject: A gift\n---\n<p>{{ coupon.code }}</p>' },
    { path: `content/${id}/sms.en.txt`, text: 'A gift {{ coupon.code }}' },
  ];
  return group === '' ? files : [...files, { path: 'group.yaml', text: group }];
}

const GROUP = 'id: house\nworkspaces: [aroma, tealeaf]\n';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    worker: false,
    relay: false,
    files: () => giving('first', '', 'aroma', GROUP),
  });
});
afterAll(() => system?.stop());

const counter = { people: 0, gifts: 0 };

async function asking(workspace = 'aroma'): Promise<string> {
  const userId = `person-${counter.people++}`;
  const phone = `+4930${String(counter.people).padStart(7, '0')}`;
  const context = { traits: { email: `${userId}@example.com`, phone } };
  const properties = { incident: `i-${userId}` };
  await system.accept({ workspace, name: 'Gift Asked', userId, context, properties });
  return system.findCustomerId(userId, workspace);
}

function both(workspace = 'aroma'): ActivityCalls {
  return createActivityCalls(system, [fakeChannel(sentOk), fakeChannel(sentOk, 'sms')], workspace);
}

/** Decides and attempts every planned effect until none is left. Returns the number of decisions. */
async function live(activities: ActivityCalls, customer: string): Promise<number> {
  for (let ordinal: number | null = null, n = 1; n < 12; n++) {
    const answer = (await activities.decide(customer, ordinal)) as ProgressAnswer;
    ordinal = answer.ordinal + 1;
    const planned = answer.effects.filter((effect) => effect.kind !== 'raise_agent_task');
    if (planned.length === 0) return n;
    await Promise.all(planned.map((effect) => activities.deliver(customer, effect.id)));
  }
  throw new Error(`${customer} never comes to rest`);
}

/** Reads the use of one action: units that have begun, and their total cost. */
async function begun(action: string): Promise<{ units: number; cost: number; refused: string[] }> {
  const { sql } = system.db.db;
  const [row] = await sql`
    select count(*)::int as units, coalesce(sum(cost), 0)::int as cost from (
      select max(cost) as cost from deliveries where action = ${action} and state in ('sending', 'sent', 'unknown')
      group by decision_id, enrollment_id) u`;
  const refused = await sql`
    select distinct verdict ->> 'code' as code from deliveries
    where action = ${action} and state in ('held', 'cancelled') and verdict ->> 'code' is not null order by code`;
  return { units: row?.units, cost: row?.cost, refused: refused.map(({ code }) => code) };
}

test('D-9: concurrent decisions and claims never exceed budget or inventory, and leave none of it unused', async () => {
  const cents = (n: number) => (n / 100).toFixed(2);
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        people: fc.integer({ min: 2, max: 7 }),
        cost: fc.integer({ min: 1, max: 400 }),
        amount: fc.integer({ min: 1, max: 1_600 }),
        units: fc.option(fc.integer({ min: 1, max: 6 })),
        monthly: fc.boolean(),
      }),
      async ({ people, cost, amount, units, monthly }) => {
        const id = `gift-${counter.gifts++}`;
        const inventory =
          units === null ? '' : `inventory: { units: ${units}${monthly ? ', per: month' : ''} }`;
        const budget = `cost: "${cents(cost)}"\nbudget: { amount: ${cents(amount)}, per: month }`;
        await system.applyFiles('aroma', giving(id, `${budget}\n${inventory}`, 'aroma', GROUP));
        const activities = both();
        const customers = await Promise.all(Array.from({ length: people }, () => asking()));
        await Promise.all(customers.map((customer) => live(activities, customer)));
        const { units: given, cost: spent } = await begun(id);
        expect(given).toBe(Math.min(people, Math.floor(amount / cost), units ?? people));
        expect(spent).toBe(given * cost);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test('D-9: of two concurrent claims for the last unit one passes and the other is held with the reason', async () => {
  await system.applyFiles('aroma', giving('last', 'inventory: { units: 1 }', 'aroma', GROUP));
  const activities = both();
  const [one, two] = [await asking(), await asking()];
  // The second claim reads before the first has committed.
  const first = (await activities.decide(one, null)) as ProgressAnswer;
  await system.db.db.sql`update deliveries set state = 'cancelled' where customer_id = ${one}`;
  const second = (await activities.decide(two, null)) as ProgressAnswer;
  await system.db.db.sql`update deliveries set state = 'planned' where customer_id = ${one}`;
  const customers = [one, two];
  const planned = [first.effects, second.effects];
  expect(planned.map((effects) => effects.length)).toEqual([2, 2]);
  await Promise.all(
    customers.flatMap((customer, n) => planned[n]?.map(({ id }) => activities.deliver(customer, id)) ?? []),
  );
  expect(await begun('last')).toEqual({ units: 1, cost: 0, refused: ['sold_out'] });
  const subject = subjectId.budget('aroma', 'last');
  expect(await system.db.db.sql`select id from shared_subjects where id = ${subject}`).toHaveLength(1);
  // A decision from now on is refused at once, and nothing will lift the refusal.
  const late = await asking();
  await activities.decide(late, null);
  const [row] = await system.db.db.sql`select record from decisions where customer_id = ${late}`;
  expect(decodeRecord(row?.record).candidates[0]?.gates.at(-2)).toMatchObject({
    gate: 'budget',
    code: 'sold_out',
    observed: 1,
  });
});

test('D-9: a reservation counts at once, and a cancelled one is free again', async () => {
  const budget = 'cost: "6.0"\nbudget: { amount: 10, per: month }';
  await system.applyFiles('aroma', giving('reserved', budget, 'aroma', GROUP));
  const activities = both();
  const [one, two, three] = [await asking(), await asking(), await asking()];
  await activities.decide(one, null);
  const outcome = async (customer: string) => {
    const [row] = await system.db.db.sql`
      select record from decisions where customer_id = ${customer} order by ordinal desc limit 1`;
    return decodeRecord(row?.record).candidates.map(({ verdict }) => verdict);
  };
  await activities.decide(two, null);
  expect(await outcome(two)).toEqual(['blocked', 'blocked']);
  await system.db.db.sql`update deliveries set state = 'cancelled' where customer_id = ${one}`;
  await activities.decide(three, null);
  expect(await outcome(three)).toEqual(['chosen', 'chosen']);
});

test('D-9: spending of last month doesn’t count for a monthly budget, but still counts for an inventory', async () => {
  const rules = 'cost: "6.0"\nbudget: { amount: 10, per: month }\ninventory: { units: 2 }';
  await system.applyFiles('aroma', giving('months', rules, 'aroma', GROUP));
  const activities = both();
  const [one, two, three] = [await asking(), await asking(), await asking()];
  await live(activities, one);
  expect((await begun('months')).units).toBe(1);
  await system.db.db.sql`
    update deliveries set claimed_at = claimed_at - interval '32 days', created_at = created_at - interval '32 days',
      at = at - ${32 * DAY} where customer_id = ${one}`;
  await live(activities, two);
  expect(await begun('months')).toMatchObject({ units: 2, cost: 1_200 });
  await live(activities, three);
  const [row] = await system.db.db
    .sql`select record from decisions where customer_id = ${three} order by ordinal limit 1`;
  const [judged] = decodeRecord(row?.record).candidates;
  const verdicts = judged?.gates.filter(({ gate }) => gate === 'budget');
  expect(verdicts?.map(({ code, observed }) => [code, observed])).toEqual([
    ['budget_spent', 600],
    ['sold_out', 2],
  ]);
});

test('D-16: all brands of a group share its budget', async () => {
  const budget = 'cost: "6.0"\nbudget: { amount: 10, per: month, of: group }';
  await system.applyFiles('aroma', giving('shared', budget, 'aroma', GROUP));
  await system.applyFiles('tealeaf', giving('shared', budget, 'tealeaf', GROUP));
  const [aroma, tealeaf] = [both(), both('tealeaf')];
  const people = await Promise.all([asking(), asking('tealeaf'), asking(), asking('tealeaf')]);
  await Promise.all(people.map((customer, n) => live(n % 2 === 0 ? aroma : tealeaf, customer)));
  expect(await begun('shared')).toMatchObject({ units: 1, cost: 600 });
});

test('correctness 19: a failed delivery releases its reservation, one with an unknown end doesn’t', async () => {
  const budget = 'cost: "6.0"\nbudget: { amount: 10, per: month }';
  await system.applyFiles('aroma', giving('money-back', budget, 'aroma', GROUP));
  const say = { next: { state: 'failed', error: 'full', suppress: false } as SendResult };
  const channels = ['email', 'sms'].map((id) => fakeChannel(() => say.next, id));
  const activities = createActivityCalls(system, channels);
  const [failing, unknown, last] = [await asking(), await asking(), await asking()];
  await live(activities, failing);
  say.next = { state: 'unknown', error: 'the line broke' };
  await live(activities, unknown);
  say.next = sentOk();
  await live(activities, last);
  const rows = await system.db.db.sql`
    select customer_id, state from deliveries where action = 'money-back' order by created_at, id`;
  expect(rows.filter((r) => r.customer_id === failing).map((r) => r.state)).toEqual(['failed', 'failed']);
  expect(rows.filter((r) => r.customer_id === unknown).map((r) => r.state)).toEqual(['unknown', 'unknown']);
  expect(rows.filter((r) => r.customer_id === last)).toEqual([]);
});

const COUPON = `coupon: { percent: 20, validFor: 30d, once: "event.properties.incident" }`;

test('D-9: a redeemed coupon costs whatever the end of its message, and so does one that stays valid after a bounce', async () => {
  const budget = 'cost: "6.0"\nbudget: { amount: 13, per: month }';
  await system.applyFiles('aroma', giving('costly', `${budget}\n${COUPON}`, 'aroma', GROUP));
  const { sql } = system.db.db;
  const activities = both();
  const [called, bounced, last] = [await asking(), await asking(), await asking()];
  const spent = async () => {
    await activities.decide(last, null);
    const [row] = await sql`select record from decisions where customer_id = ${last}`;
    await sql`delete from decisions where customer_id = ${last}`;
    await sql`delete from deliveries where customer_id = ${last}`;
    await sql`delete from coupons where customer_id = ${last}`;
    await sql`delete from journeys where customer_id = ${last}`;
    await sql`update wakes set processed_seq = 0 where customer_id = ${last}`;
    return (decodeRecord(row?.record).context as DecisionContext).facts.budgets[0]?.spent;
  };
  for (const customer of [called, bounced]) await activities.decide(customer, null);
  expect(await spent()).toBe(1_200);
  await sql`update deliveries set state = 'cancelled' where customer_id = ${called}`;
  await sql`update deliveries set state = 'failed' where customer_id = ${bounced}`;
  expect(await spent()).toBe(600);
  await sql`update coupons set state = 'redeemed' where customer_id = ${called}`;
  expect(await spent()).toBe(1_200);
  await sql`update coupons set state = 'revoked' where customer_id = ${bounced}`;
  expect(await spent()).toBe(600);
});
