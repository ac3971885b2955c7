import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { endCouponOnce } from '../../src/app/coupons/end-coupon.ts';
import type { SendResult } from '../../src/channels/channel.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { type ActivityCalls, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../support/system.ts';

const sentOk = (): SendResult => ({ state: 'sent', providerId: '' });

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false, files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const people = { n: 0 };

/** A customer whose ticket was the shop's fault and is closed; no decision was made yet. */
async function wronged(ticket?: string): Promise<{ customer: string; ticket: string }> {
  const userId = `wronged-${people.n++}`;
  const ticket_id = ticket ?? `T-${userId}`;
  const traits = { email: `${userId}@example.com`, phone: `+4930${String(people.n).padStart(7, '0')}` };
  await system.accept(
    { name: 'Ticket Opened', userId, properties: { ticket_id }, context: { traits } },
    { name: 'Ticket Closed', userId, properties: { ticket_id, fault: 'ours' } },
  );
  return { customer: await system.findCustomerId(userId), ticket: ticket_id };
}

function withChannels() {
  const [email, sms] = [fakeChannel(sentOk), fakeChannel(sentOk, 'sms')];
  return {
    activities: createActivityCalls(system, [email, sms]),
    codes: () => codesIn([...email.outgoing, ...sms.outgoing]),
  };
}

function codesIn(messages: { text: string }[]): string[] {
  return messages.flatMap(({ text }) => /\b[0-9A-HJKMNP-TV-Z]{12}\b/.exec(text)?.[0] ?? []);
}

async function couponsOf(customer: string) {
  const rows = await system.db.db.sql`
    select id, code, state, once, expires_at as "expiresAt" from coupons where customer_id = ${customer} order by issued_at`;
  return rows.map((row) => ({ ...row })) as {
    id: string;
    code: string;
    state: string;
    once: string;
    expiresAt: number;
  }[];
}

/** The planned messages that carry the coupon. */
async function gifts(answer: ProgressAnswer): Promise<{ id: string }[]> {
  const ids = answer.effects.map(({ id }) => id);
  return system.db.db.sql<{ id: string }[]>`
    select id from deliveries where id = any(${ids}) and action = 'coupon-20' and state = 'planned' order by id`;
}

test('D-9: issues one coupon per incident, with one code in every message, when steps are retried and killed', async () => {
  const died = new Error('power cut');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('again', 'from the beginning', 'twice at once'), { maxLength: 3 }),
      fc.constantFrom(null, 'claimed' as const, 'sent' as const),
      async (retries, dies) => {
        const { customer, ticket } = await wronged();
        const { activities, codes } = withChannels();
        let answer = (await activities.decide(customer, null)) as ProgressAnswer;
        for (const retry of retries) {
          if (retry === 'again')
            answer = (await activities.decide(customer, answer.ordinal)) as ProgressAnswer;
          if (retry === 'from the beginning')
            answer = (await activities.decide(customer, null)) as ProgressAnswer;
          if (retry === 'twice at once')
            [answer] = (await Promise.all([1, 2].map(() => activities.decide(customer, answer.ordinal)))) as [
              ProgressAnswer,
            ];
        }
        const coupon = await gifts(answer);
        expect(coupon).toHaveLength(2);
        const [first] = coupon;
        if (dies !== null) {
          activities.deps.failpoint = (name, id) => {
            if (name === dies && id === first?.id) throw died;
          };
        }
        for (const { id } of [...coupon, ...coupon])
          await activities.deliver(customer, id).catch((e) => expect(e).toBe(died));
        const issued = await couponsOf(customer);
        expect(issued).toMatchObject([{ state: 'issued', once: ticket }]);
        expect(new Set(codes())).toEqual(new Set([issued[0]?.code]));
        expect(codes().length).toBe(dies === 'claimed' ? 1 : 2);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test('D-9: a gift that was held goes out later with the same code, valid from then on', async () => {
  const { customer } = await wronged();
  const { activities, codes } = withChannels();
  const planned = await gifts((await activities.decide(customer, null)) as ProgressAnswer);
  const [before] = await couponsOf(customer);
  const command = { customerId: customer, properties: { reason: 'r', actor: 'a' } };
  await system.accept({ ...command, name: 'Customer Paused' });
  for (const { id } of planned)
    expect(await activities.deliver(customer, id)).toMatchObject({ state: 'held' });
  await activities.decide(customer, 2);
  expect(codes()).toEqual([]);
  await system.accept({ ...command, name: 'Customer Resumed' });
  const later = Date.now() + 3 * HOUR;
  const again = await gifts((await activities.decide(customer, 3, later)) as ProgressAnswer);
  expect(again).toHaveLength(2);
  for (const { id } of again)
    expect(await activities.deliver(customer, id, later)).toMatchObject({ state: 'sent' });
  const after = await couponsOf(customer);
  expect(after).toEqual([{ ...before, expiresAt: later + 30 * DAY }]);
  expect(codes()).toEqual([before?.code, before?.code]);
});

test('D-9: a coupon revoked before its messages are sent stops them, and no other coupon is issued', async () => {
  const { customer } = await wronged();
  const { activities, codes } = withChannels();
  const planned = await gifts((await activities.decide(customer, null)) as ProgressAnswer);
  const [coupon] = await couponsOf(customer);
  const owned = { id: coupon?.id as string, workspace: 'aroma', customerId: customer };
  await endCouponOnce(activities.deps, owned, () => ({
    end: { state: 'revoked' },
    properties: { reason: 'fraud', actor: 'ann' },
  }));
  for (const { id } of planned)
    expect(await activities.deliver(customer, id)).toMatchObject({ state: 'held' });
  const [row] = await system.db.db.sql`select verdict from deliveries where id = ${planned[0]?.id ?? ''}`;
  expect(row?.verdict.code).toBe('coupon_revoked');
  const answer = (await activities.decide(customer, 2)) as ProgressAnswer;
  expect(await gifts(answer)).toEqual([]);
  expect(codes()).toEqual([]);
  expect(await couponsOf(customer)).toHaveLength(1);
});

test('D-9: when two customers of one incident decide at once, one gets the coupon and the other’s messages are held', async () => {
  const [first, second] = [await wronged('T-both'), await wronged('T-both')];
  const { activities, codes } = withChannels();
  const give = async ({ customer }: { customer: string }, on: ActivityCalls) => {
    const planned = await gifts((await on.decide(customer, null)) as ProgressAnswer);
    return Promise.all(planned.map(({ id }) => on.deliver(customer, id)));
  };
  const results = await Promise.all([first, second].map((customer) => give(customer, activities)));
  expect(results.map((all) => all.map(({ state }) => state).join()).sort()).toEqual([
    'held,held',
    'sent,sent',
  ]);
  const loser = results[0]?.[0]?.state === 'held' ? first : second;
  // The next decision reads the reason, and doesn't plan it again.
  await activities.decide(loser.customer, 2);
  const [row] = await system.db.db.sql`
    select record from decisions where customer_id = ${loser.customer} and ordinal = 2`;
  const candidates = decodeRecord(row?.record).candidates.filter(({ action }) => action === 'coupon-20');
  expect(candidates.map(({ gates }) => gates.at(-1)?.code)).toEqual(['coupon_issued', 'coupon_issued']);
  expect(await couponsOf(loser.customer)).toEqual([]);
  expect(codes()).toHaveLength(2);
});
