import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Consent, listUnsubscribes, resolveConsent } from '../../../src/domain/customer/consent.ts';
import { type ConsentMemory, KEPT_STATEMENTS } from '../../../src/domain/customer/consent-memory.ts';
import { mergeProfiles, stricterConsents } from '../../../src/domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile } from '../../../src/domain/customer/profile.ts';
import { NOW } from '../../engine/support.ts';
import { readEventRules } from '../../support/events-page.ts';

/** One customer's consents, as acceptance keeps them. */
class Customer {
  profile = emptyProfile();
  consents: Consent[] = [];
  private seq = 0;

  /** A call with a consent object. `device` null: a server's. */
  banner(device: string | null, marketing: unknown, at: number, source = 'shop'): this {
    return this.fold({ device, at, source, consent: { categoryPreferences: { marketing } } });
  }

  /** The first call of a visitor's device under this customer's user id. */
  login(device: string, marketing: boolean, at: number, visitor: Customer): this {
    const consent = { categoryPreferences: { marketing } };
    return this.fold({ device, at, source: 'shop', consent, saidElsewhere: visitor.profile.statements });
  }

  changed(status: string, at: number, source = 'crm', more: Record<string, unknown> = {}): this {
    const properties = { purpose: 'marketing', status, ...more };
    return this.fold({ device: null, at, source, name: 'Consent Changed', properties });
  }

  unsubscribe(at: number): this {
    return this.changed('withdrawn', at, 'preference_page', { source: 'unsubscribe_link' });
  }

  private fold(said: {
    device: string | null;
    at: number;
    source: string;
    name?: string;
    properties?: Record<string, unknown>;
    consent?: unknown;
    saidElsewhere?: ConsentMemory;
  }): this {
    const { device, at, source, name = 'Page Viewed', properties = {}, consent, saidElsewhere } = said;
    const event = {
      type: 'track' as const,
      name,
      properties,
      traits: {},
      context: consent === undefined ? {} : { consent },
      source,
      at: NOW + at,
      seq: ++this.seq,
      ...(device === null ? {} : { anonymousId: device }),
      ...(saidElsewhere === undefined ? {} : { saidElsewhere }),
    };
    this.consents.push(...foldProfile(this.profile, event, 'EUR').consents);
    return this;
  }

  merge(other: Customer, at: number): this {
    const seq = ++this.seq;
    this.consents.push(...stricterConsents(this.consents, other.consents, NOW + at, seq));
    this.profile = mergeProfiles(this.profile, other.profile);
    return this;
  }

  status(): string | undefined {
    return resolveConsent(this.consents, 'marketing', 'email', '*')?.status;
  }
}

const customer = () => new Customer();
/** Said yes on device A, then unsubscribed by the link in a mail. */
const unsubscribed = () => customer().banner('A', true, 1).unsubscribe(2);

/** By the first column of the table in docs/events.md: a life, and the consent that applies in the end. */
const CASES: Record<string, [Customer, string]> = {
  'a device repeats `true` after an unsubscribe': [unsubscribed().banner('A', true, 3), 'withdrawn'],
  'another device says `false` in between': [
    unsubscribed().banner('B', false, 3).banner('A', true, 4).banner('B', false, 5).banner('A', true, 6),
    'withdrawn',
  ],
  'a server repeats `true`, without `anonymousId`': [
    customer().banner(null, true, 1).unsubscribe(2).banner('A', false, 3).banner(null, true, 4),
    'withdrawn',
  ],
  'two shops whose banners differ, on one device': [
    customer().banner('A', true, 1, 'shop').banner('A', false, 2, 'outlet').banner('A', true, 3, 'shop'),
    'withdrawn',
  ],
  'a device repeats `true` through another source': [unsubscribed().banner('A', true, 3, 'app'), 'withdrawn'],
  'a device says `true` after its own `false`': [
    unsubscribed().banner('A', false, 3).banner('A', true, 4),
    'granted',
  ],
  'the first `true` of a device, after an unsubscribe': [unsubscribed().banner('B', true, 3), 'granted'],
  '`Consent Changed` `granted` again after the unsubscribe link, same sender': [
    customer().changed('granted', 1).unsubscribe(2).changed('granted', 3),
    'withdrawn',
  ],
  '`Consent Changed` that differs from its sender’s last': [
    customer().changed('granted', 1).unsubscribe(2).changed('withdrawn', 3).changed('granted', 4),
    'granted',
  ],
  '`Consent Changed` for the purpose `all` or `*`': [
    customer().banner('A', true, 1).changed('withdrawn', 2, 'crm', { purpose: 'all' }).banner('A', true, 3),
    'withdrawn',
  ],
  'a choice on the preference page, or by the API': [
    customer()
      .changed('granted', 1, 'api')
      .unsubscribe(2)
      .changed('granted', 3, 'api')
      .unsubscribe(4)
      .changed('granted', 5, 'preference_page'),
    'granted',
  ],
  '`Consent Changed` with `stated_by` `customer`, such as START after the link': [
    customer()
      .changed('granted', 1, 'twilio', { stated_by: 'customer' })
      .unsubscribe(2)
      .changed('granted', 3, 'twilio', { stated_by: 'customer' }),
    'granted',
  ],
  'an event that arrives late and shows an older `true`': [
    customer().unsubscribe(2).banner('A', true, 3).banner('A', true, 1),
    'withdrawn',
  ],
  'a visitor who said `true` logs in after an unsubscribe': [
    customer()
      .unsubscribe(2)
      .login('A', true, 3, customer().banner('A', true, 1)),
    'withdrawn',
  ],
  'a visitor who said `false` logs in and says `true`': [
    customer()
      .unsubscribe(2)
      .login('A', true, 3, customer().banner('A', false, 1)),
    'granted',
  ],
  'a merge shows that a device had said `true` before': [
    customer()
      .unsubscribe(2)
      .banner('A', true, 3)
      .merge(customer().banner('A', true, 1), 4),
    'withdrawn',
  ],
  'a merge, then a device of either repeats `true`': [
    unsubscribed()
      .merge(customer().banner('C', true, 1).banner('D', false, 2), 5)
      .banner('C', true, 6)
      .banner('D', false, 7)
      .banner('A', true, 8),
    'withdrawn',
  ],
  'a merge, then a device changes its answer': [
    unsubscribed()
      .merge(customer().banner('C', true, 1), 5)
      .banner('C', false, 6)
      .banner('C', true, 7),
    'granted',
  ],
  'a device that was forgotten among 200 says `true`': [
    Array.from({ length: KEPT_STATEMENTS + 5 }, (_, n) => n)
      .reduce((all, n) => all.banner(`device-${n}`, true, 3 + n), customer().banner('A', true, 1))
      .unsubscribe(500)
      .banner('A', true, 501),
    'withdrawn',
  ],
  'the first `false` of a device, nothing was granted before': [
    customer().banner('A', false, 1),
    'withdrawn',
  ],
};

describe('which withdrawals are an unsubscribe', () => {
  const count = ({ consents }: Customer) => listUnsubscribes(consents).length;

  test.each<[string, Customer, number]>([
    ['the first no of a banner', customer().banner('A', false, 1), 0],
    ['the first no of every device', customer().banner('A', false, 1).banner('B', false, 2), 0],
    ['a first Consent Changed of a server', customer().changed('withdrawn', 1), 0],
    ['a no after the yes of the same device', customer().banner('A', true, 1).banner('A', false, 2), 1],
    [
      'the first no of a device after the yes of another',
      customer().banner('A', true, 1).banner('B', false, 2),
      1,
    ],
    [
      'a no to all after a yes to one channel',
      customer().changed('granted', 1, 'crm', { channel: 'email' }).banner('A', false, 2),
      1,
    ],
    [
      'a no to another channel',
      customer()
        .changed('granted', 1, 'crm', { channel: 'email' })
        .changed('withdrawn', 2, 'crm', { channel: 'sms' }),
      0,
    ],
    [
      'a no to all purposes',
      customer().changed('granted', 1).changed('withdrawn', 2, 'crm', { purpose: 'all' }),
      1,
    ],
    ['the link in a mail, without any grant', customer().unsubscribe(1), 1],
    ['the API, without any grant', customer().changed('withdrawn', 1, 'api'), 1],
    ['a device that says no after the link', unsubscribed().banner('B', false, 3), 1],
    ['a yes, a no and so on', unsubscribed().banner('B', true, 3).banner('B', false, 4), 2],
    ['a merge with a customer who had said no', unsubscribed().merge(customer().banner('C', false, 1), 5), 1],
  ])('%s', (_, life, unsubscribes) => {
    expect(count(life)).toBe(unsubscribes);
  });
});

describe('docs/events.md, Consent', () => {
  const rules = readEventRules('Consent');

  test('each row has a case', () => {
    expect(rules.map(({ sent }) => sent)).toEqual(Object.keys(CASES));
  });

  test.each(rules)('$sent: $understood', ({ sent, shown }) => {
    const [life, expected] = CASES[sent] as [Customer, string];
    expect(life.status()).toBe(expected);
    expect(shown).toContain(expected);
  });
});

test('a device is one speaker for both customers of a merge, whichever of them unsubscribed', () => {
  const visitor = () => customer().banner('B', true, 0).banner('A', true, 1).banner('C', true, 2);
  const lives = [
    unsubscribed().banner('C', true, 3).merge(visitor(), 4),
    visitor().merge(customer().unsubscribe(3).banner('A', true, 4), 5),
    customer().unsubscribe(3).banner('B', true, 4).banner('A', true, 5).merge(visitor(), 6),
  ];
  for (const life of lives) expect(life.status()).toBe('withdrawn');
  const changed = customer().unsubscribe(2).banner('A', false, 3).banner('A', true, 4);
  expect(changed.merge(visitor(), 5).status()).toBe('granted');
});

test('no to everything holds until a later yes to the purpose or to everything', () => {
  const refused = () => customer().banner('A', true, 1).changed('withdrawn', 2, 'crm', { purpose: '*' });
  expect(refused().status()).toBe('withdrawn');
  expect(refused().changed('granted', 3, 'shop').status()).toBe('granted');
  expect(refused().changed('granted', 3, 'crm', { purpose: '*' }).status()).toBe('granted');
  expect(refused().changed('granted', 3, 'crm', { purpose: 'personalisation' }).status()).toBe('withdrawn');
});

test('a device that logs in for the first time grants from when it said so', () => {
  const life = customer().login('A', true, 5, customer().banner('A', true, 1));
  expect(life.status()).toBe('granted');
  expect(life.consents.map(({ at }) => at - NOW)).toEqual([1]);
  expect(life.unsubscribe(6).banner('A', true, 7).status()).toBe('withdrawn');
});

test('a change of mind that arrives late counts at its own time, and so does what followed it', () => {
  const late = customer().banner('A', true, 1).banner('A', true, 5).unsubscribe(4).banner('A', false, 2);
  expect(late.status()).toBe('granted');
  expect(
    customer().banner('A', true, 1).banner('A', true, 3).unsubscribe(4).banner('A', false, 2).status(),
  ).toBe('withdrawn');
  // A late "yes" within a span of "no" withdraws nothing less.
  expect(customer().banner('A', false, 1).banner('A', false, 5).banner('A', true, 3).status()).toBe(
    'withdrawn',
  );
});

test('a "no" that arrives late does not make a later repetition a new "yes"', () => {
  const repeated = customer().banner('A', true, 1).banner('A', true, 5).unsubscribe(6).banner('A', true, 8);
  expect(repeated.banner('A', false, 3).status()).toBe('withdrawn');
});

test('in whatever order statements arrive, nothing is granted that is not granted in the order of time', () => {
  const statement = fc.record({ who: fc.constantFrom('A', 'B', null, 'page'), yes: fc.boolean() });
  const arrivals = fc
    .array(statement, { maxLength: 9 })
    .map((list) => list.map((said, n) => ({ ...said, at: n + 1 })))
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  const fold = (list: readonly { who: string | null; yes: boolean; at: number }[]) =>
    list.reduce(
      (life, { who, yes, at }) =>
        who === 'page'
          ? life.changed(yes ? 'granted' : 'withdrawn', at, 'preference_page')
          : life.banner(who, yes, at),
      customer(),
    );
  fc.assert(
    fc.property(arrivals, ([told, arrived]) => {
      const [inTime, asArrived] = [fold(told).status(), fold(arrived).status()];
      if (inTime !== 'granted') expect(asArrived).toBe(inTime);
    }),
    { numRuns: 2_000 },
  );
});

test('the order of arrival makes no difference to what one device has said', () => {
  const said: [boolean, number][] = [
    [true, 1],
    [false, 3],
    [true, 5],
    [true, 7],
  ];
  const orders = [said, said.toReversed(), [2, 0, 3, 1].map((n) => said[n] as [boolean, number])];
  for (const [withdrawnAt, expected] of [
    [2, 'granted'],
    [4, 'granted'],
    [6, 'withdrawn'],
    [8, 'withdrawn'],
  ] as const)
    for (const order of orders) {
      const all = order.reduce(
        (one, [yes, at]) => one.banner('A', yes, at),
        customer().unsubscribe(withdrawnAt),
      );
      expect(all.status()).toBe(expected);
    }
});

test('a sender cannot speak for the preference page by naming it as the source', () => {
  const forged = customer()
    .unsubscribe(1)
    .changed('granted', 2, 'crm', { topic: 'tips', source: 'preference_page' });
  expect(resolveConsent(forged.consents, 'marketing', 'email', 'tips')?.status).toBe('withdrawn');
});

test('a statement and the banner’s repeated answer in one event: the statement counts', () => {
  const both = customer().banner('A', true, 1);
  const event = {
    type: 'track' as const,
    name: 'Consent Changed',
    properties: { purpose: 'marketing', status: 'withdrawn' },
    traits: {},
    context: { consent: { categoryPreferences: { marketing: true, analytics: false } } },
    source: 'shop',
    anonymousId: 'A',
    at: NOW + 2,
    seq: 2,
  };
  const { consents } = foldProfile(both.profile, event, 'EUR');
  expect(consents.map(({ purpose, status }) => `${purpose} ${status}`)).toEqual([
    'marketing withdrawn',
    'analytics withdrawn',
  ]);
});
