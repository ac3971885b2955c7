import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import type { ConditionFacts, ExpressionScope } from '../../../src/domain/facts.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { UTC } from '../../../src/domain/time/zone.ts';

/** A customer with a value for everything that conditions can read. */
export function createScope(
  properties: Record<string, unknown> = {},
  changes: Partial<ExpressionScope> = {},
): ExpressionScope {
  const profile = emptyProfile();
  const at = { at: 0, seq: 1, source: 'test' };
  profile.traits = {
    email: { value: 'eva@example.com', ...at },
    plan: { value: 'gold', ...at },
    visits: { value: 4, ...at },
    constructor: { value: 'own', ...at },
  };
  profile.counts['Order Completed'] = { n: 3, first: 0, last: 8 * DAY };
  profile.orders = [{ id: 'o-1', status: 'paid', total: 12_050, currency: 'EUR', at: DAY, problem: null }];
  const ticket = {
    source: 'desk',
    rawStatus: '',
    product: 'espresso-machine',
    ownerId: null,
    subject: 'Leak',
    version: 0,
    seq: 1,
    closedAt: null,
    quietUntil: null,
  };
  const facts: ConditionFacts = {
    workspace: 'shop',
    customerId: 'cus_1',
    profile,
    profileSeq: 1,
    tickets: [
      { id: 't-1', status: 'open', severity: 'high', openedAt: 9 * DAY, ...ticket },
      { id: 't-2', status: 'closed', severity: 'low', openedAt: 0, ...ticket },
    ],
    consents: [],
    zone: UTC,
    account: { id: 'acc-1', traits: { tier: { value: 'gold', ...at } } },
    attributes: {},
    personalisation: 3,
    eventHistory: { 'Order Completed': [0, 5 * DAY, 8 * DAY] },
    knownSince: 0,
  };
  return {
    event: { name: 'Payment Failed', at: 9 * DAY, properties },
    facts,
    suppressed: { marketing: true, service: false },
    enrollment: null,
    now: 10 * DAY,
    scores: { value: 0.9, overdueAt: 12 * DAY },
    use: 'marketing',
    ...changes,
  };
}
