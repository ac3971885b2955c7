import { expect, test } from 'vitest';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { emptyProfile, foldProfile } from '../../../src/domain/customer/profile.ts';
import type { Facts } from '../../../src/domain/facts.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { judgeCandidate } from '../../../src/engine/gates/judge.ts';
import { action, candidate, facts, NOW, request } from '../support.ts';

const evaluate = createEvaluator();

/** Suits customers who have looked at grinders lately, own none, returned none, and have not dismissed this. */
const SUITABLE = [
  "!orders.exists(o, o.status == 'paid' && o.products.exists(p, p == 'grinder'))",
  "!orders.exists(o, o.status == 'refunded' && now - o.at < days(180))",
  "count('Product Dismissed', 90) == 0",
  "count('Product Viewed') > 0 && daysSince('Product Viewed') < 30.0",
].join(' && ');

type Said = {
  name: string;
  daysAgo: number;
  properties?: Record<string, unknown>;
  traits?: Record<string, unknown>;
};

function after(...said: Said[]): Facts {
  const profile = emptyProfile();
  const history: Facts['eventHistory'] = {};
  const identified: Said = {
    name: 'Customer Identified',
    daysAgo: 300,
    traits: { email: 'ada@example.com' },
  };
  for (const [n, { name, daysAgo, properties = {}, traits = {} }] of [identified, ...said].entries()) {
    const type = Object.keys(traits).length > 0 ? 'identify' : 'track';
    const event = {
      type,
      name,
      at: NOW - daysAgo * DAY,
      seq: n + 1,
      properties,
      traits,
      context: {},
      source: 'web',
    };
    foldProfile(profile, event as never, 'EUR');
    history[name] = [...(history[name] ?? []), event.at].sort((a, b) => a - b);
  }
  return facts({ profile, eventHistory: history });
}

function suits(customerFacts: Facts): boolean {
  const verdicts = judgeCandidate(
    candidate(action({ suitable: SUITABLE })),
    request({ facts: customerFacts, evaluate }),
  );
  const verdict = verdicts.find((v) => v.gate === 'suitability');
  if (!verdict?.pass) expect(verdict).toMatchObject({ code: 'not_suitable', needed: SUITABLE });
  return verdict?.pass === true;
}

test('D-1: suitability blocks a product that the customer owns, returned or dismissed, or shows no recent intent for', () => {
  const viewed = { name: 'Product Viewed', daysAgo: 3 };
  const order = (daysAgo: number, ...products: string[]) => ({
    name: 'Order Completed',
    daysAgo,
    properties: { order_id: 'o-1', total: 99, products: products.map((id) => ({ product_id: id })) },
  });
  const refund = { name: 'Order Refunded', daysAgo: 40, properties: { order_id: 'o-1' } };
  expect(suits(after(viewed))).toBe(true);
  expect(suits(after(viewed, order(50)))).toBe(true);
  expect(suits(after(viewed, order(9, 'machine')))).toBe(true);
  // Owns it; gave one back; waved it away; never looked; hasn't looked for long.
  expect(suits(after(viewed, order(9, 'machine', 'grinder')))).toBe(false);
  expect(suits(after(viewed, order(50, 'grinder'), refund))).toBe(false);
  expect(suits(after(viewed, { name: 'Product Dismissed', daysAgo: 60 }))).toBe(false);
  expect(suits(after())).toBe(false);
  expect(suits(after({ name: 'Product Viewed', daysAgo: 31 }))).toBe(false);
  // Each reason passes with time, as its condition says.
  expect(suits(after(viewed, order(250, 'grinder'), { ...refund, daysAgo: 200 }))).toBe(true);
  expect(suits(after(viewed, { name: 'Product Dismissed', daysAgo: 91 }))).toBe(true);
});
