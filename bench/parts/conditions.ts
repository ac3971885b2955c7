import { createEvaluator } from '../../src/definitions/cel/evaluate.ts';
import type { ConditionFacts, ExpressionScope } from '../../src/domain/facts.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { buildCustomerFacts } from '../customer-facts.ts';
import type { Result } from '../result.ts';
import { median, runRounds } from '../stats.ts';

/** Conditions of journeys, actions and segments, from the shortest to the longest. */
const CONDITIONS = [
  "has(traits.tier) && traits.tier == 'gold'",
  "has(traits.city) && traits.city in ['Berlin', 'Hamburg', 'Bremen']",
  'scores.value >= 0.8',
  "count('Order Completed') >= 2",
  "count('Product Viewed', 30) >= 3",
  "daysSince('Order Completed') < 30.0",
  '!suppressed.marketing',
  "tickets.exists(t, t.severity == 'high')",
  'has(cart.total) && cart.total >= 20.0',
  "orders.exists(o, o.status == 'paid' && o.total > 50.0)",
  'has(event.properties.value) && event.properties.value >= 20.0',
  "event.properties.products.exists(p, p.product_id == 'espresso-machine')",
  'local(now).hour >= 9 && local(now).hour < 17',
  'now - event.at < days(3)',
  "has(traits.birthday) && traits.birthday.startsWith('1990')",
  "has(traits.missing) && traits.missing == 'never'",
  "traits.missing == 'a missing key is an everyday answer'",
];
const CUSTOMERS = 2_000;
const ROUNDS = 7;
const BUDGET_MS = 10_000;

/** conditions: microseconds for one condition, over many customers whose facts were not read before. */
export async function benchConditions(): Promise<Result[]> {
  const now = Date.UTC(2026, 10, 22, 12);
  const evaluate = createEvaluator();
  for (const condition of CONDITIONS) {
    const result = evaluate(condition, scopeOf(buildCustomerFacts(0, now), now));
    if (!result.ok && !result.error.startsWith('no such key'))
      throw new Error(`${condition}: ${result.error}`);
  }
  const measured = await runRounds(ROUNDS, BUDGET_MS, async () => {
    const customers = Array.from({ length: CUSTOMERS }, (_, n) => buildCustomerFacts(n, now));
    const began = performance.now();
    for (const facts of customers) {
      const scope = scopeOf(facts, now);
      for (const condition of CONDITIONS) evaluate(condition, scope);
    }
    return ((performance.now() - began) * 1_000) / (CUSTOMERS * CONDITIONS.length);
  });
  const what = `one condition, ${CONDITIONS.length} kinds over ${CUSTOMERS.toLocaleString('en')} customers`;
  const goal = { at: 'most', value: 5 } as const;
  return [
    { part: 'conditions', measure: what, ours: median(measured), floor: null, unit: 'µs', ratio: null, goal },
  ];
}

function scopeOf(facts: ConditionFacts, now: number): ExpressionScope {
  const properties = { value: 42.5, products: [{ product_id: 'espresso-machine' }, { product_id: 'beans' }] };
  return {
    event: { name: 'Order Completed', at: now - DAY, properties },
    facts,
    suppressed: { marketing: false, service: false },
    enrollment: null,
    now,
    scores: { value: 0.7 },
    use: 'service',
  };
}
