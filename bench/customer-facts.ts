import { emptyProfile } from '../src/domain/customer/profile.ts';
import type { ConditionFacts } from '../src/domain/facts.ts';
import { DAY } from '../src/domain/time/time.ts';
import { UTC } from '../src/domain/time/zone.ts';

/** Builds the facts of a customer with a year of history. Each call returns a new object, so that no cache applies. */
export function buildCustomerFacts(n: number, now: number): ConditionFacts {
  const trait = (value: unknown) => ({ value, at: now - 90 * DAY, seq: 1, source: 'shop' });
  const views = Array.from({ length: 5 }, (_, day) => now - (day * 9 + (n % 7)) * DAY).sort((a, b) => a - b);
  const order = (id: string, at: number) => ({
    id,
    status: 'paid' as const,
    total: 4_900 + n,
    currency: 'EUR',
    at,
    problem: null,
  });
  return {
    workspace: 'aroma',
    customerId: `cus_${n}`,
    profile: {
      ...emptyProfile(),
      traits: {
        email: trait(`user-${n}@example.com`),
        tier: trait(n % 10 === 0 ? 'gold' : 'tin'),
        city: trait(n % 3 === 0 ? 'Berlin' : 'Ulm'),
        birthday: trait(`19${60 + (n % 40)}-05-17`),
        locale: trait('de'),
      },
      counts: {
        'Order Completed': { n: 2, first: now - 200 * DAY, last: now - 20 * DAY },
        'Product Viewed': { n: 5, first: now - 50 * DAY, last: now - DAY },
      },
      orders: [order('o-1', now - 200 * DAY), order('o-2', now - 20 * DAY)],
      spend: { EUR: 9_800 + 2 * n },
      orderCount: 2,
    },
    profileSeq: 40,
    tickets: [],
    consents: [],
    zone: UTC,
    account: null,
    attributes: {},
    personalisation: 3,
    eventHistory: { 'Product Viewed': views },
    knownSince: now - 365 * DAY,
  };
}
