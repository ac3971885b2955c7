import { describe, expect, test } from 'vitest';
import { mergeProfiles } from '../../../src/domain/customer/merge-profile.ts';
import { emptyProfile, foldProfile, type Profile } from '../../../src/domain/customer/profile.ts';
import { KEPT_COUNTS, KEPT_TRAITS, type Room } from '../../../src/domain/customer/room.ts';
import { NOW } from '../../engine/support.ts';
import { readEventRules } from '../../support/events-page.ts';

const READ: Room = { traits: ['favourite'], account: [], events: ['Beans Roasted'] };

/** A profile from events, one per second. */
class Log {
  readonly profile: Profile = emptyProfile();
  private seq = 0;

  identify(traits: Record<string, unknown>): this {
    return this.fold({ type: 'identify', name: 'Customer Identified', traits });
  }

  track(name: string): this {
    return this.fold({ type: 'track', name });
  }

  private fold(event: { type: 'identify' | 'track'; name: string; traits?: Record<string, unknown> }): this {
    const seq = ++this.seq;
    const rest = { at: NOW + seq * 1000, seq, source: 'web', properties: {}, context: {} };
    foldProfile(this.profile, { traits: {}, ...rest, ...event }, 'EUR', {}, READ);
    return this;
  }
}

function flags(prefix: string, many = KEPT_TRAITS): Log {
  const log = new Log();
  for (let n = 0; n < many; n++) log.identify({ [`${prefix}${n}`]: true });
  return log;
}

/** By the first column of the table in docs/events.md: the profile, a trait or event that it keeps, and what went. */
const CASES: Record<string, () => { profile: Profile; kept: string[]; gone: string[]; dropped: object }> = {
  '200 flags, then an address': () => {
    const { profile } = flags('f').identify({ email: 'ada@example.com' });
    return { profile, kept: ['email', 'f1', 'f199'], gone: ['f0'], dropped: { traits: 1 } };
  },
  '200 flags, then a trait that a condition reads': () => {
    const { profile } = flags('f').identify({ favourite: 'tea' });
    return { profile, kept: ['favourite', 'f1'], gone: ['f0'], dropped: { traits: 1 } };
  },
  '200 kinds of events, then an order': () => {
    const log = new Log();
    for (let n = 0; n < KEPT_COUNTS; n++) log.track(`Kind ${n}`);
    const { profile } = log.track('Order Completed');
    return { profile, kept: ['Order Completed', 'Kind 1'], gone: ['Kind 0'], dropped: { counts: 1 } };
  },
  '9 texts of 30,000 characters': () => {
    const log = new Log();
    for (let n = 0; n < 9; n++) log.identify({ [`text${n}`]: 'x'.repeat(30_000) });
    return {
      profile: log.profile,
      kept: ['text7', 'text8'],
      gone: ['text0', 'text6'],
      dropped: { traits: 7 },
    };
  },
  'two profiles of 200 flags and an address, merged': () => {
    const side = (prefix: string) => flags(prefix).identify({ email: 'ada@example.com' }).profile;
    const profile = mergeProfiles(side('f'), side('g'), READ);
    return { profile, kept: ['email', 'f199', 'g199'], gone: ['f0', 'g0'], dropped: { traits: 201 } };
  },
};

describe('a row of docs/events.md, Room', () => {
  test.each(readEventRules('Room'))('$sent: $understood', ({ sent }) => {
    const { profile, kept, gone, dropped } = (CASES[sent] as (typeof CASES)[string])();
    const names = [...Object.keys(profile.traits), ...Object.keys(profile.counts)];
    expect(names).toEqual(expect.arrayContaining(kept));
    for (const name of gone) expect(names).not.toContain(name);
    expect(profile.dropped).toMatchObject(dropped);
    expect(Object.keys(profile.traits).length).toBeLessThanOrEqual(KEPT_TRAITS);
  });

  test('has a case for every row', () => {
    expect(readEventRules('Room').map(({ sent }) => sent)).toEqual(Object.keys(CASES));
  });
});

test('in one call the address fits beside 300 flags, and what goes is named', () => {
  const traits = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`flag${n}`, n]));
  const profile = emptyProfile();
  const event = { type: 'identify' as const, name: 'Customer Identified', properties: {}, context: {} };
  const { dropped } = foldProfile(
    profile,
    { ...event, at: NOW, seq: 1, source: 'web', traits: { ...traits, email: 'a@b.de', locale: 'de' } },
    'EUR',
  );
  expect(Object.keys(profile.traits)).toHaveLength(KEPT_TRAITS);
  expect(profile.traits).toMatchObject({ email: { value: 'a@b.de' }, locale: { value: 'de' } });
  expect(dropped).toHaveLength(102);
});

test('even what definitions read goes when it is too large, the oldest first', () => {
  const profile = emptyProfile();
  const names = Array.from({ length: 12 }, (_, n) => `read${n}`);
  names.forEach((name, n) => {
    const rest = { properties: {}, context: {}, source: 'web', at: NOW + n, seq: n + 1 };
    const event = { type: 'identify' as const, name: 'Customer Identified', ...rest };
    const traits = { [name]: ['y'.repeat(30_000)] };
    foldProfile(profile, { ...event, traits }, 'EUR', {}, { traits: names, account: [], events: [] });
  });
  expect(JSON.stringify(profile).length).toBeLessThan(300_000);
  expect(Object.keys(profile.traits)).toContain('read11');
  expect(Object.keys(profile.traits)).not.toContain('read0');
});

test('a cart and orders are bounded in bytes, and the sums are not', () => {
  const profile = emptyProfile();
  for (let n = 0; n < 60; n++) {
    const rest = { traits: {}, context: {}, source: 'web', at: NOW + n, seq: n + 1 };
    const product = { product_id: `p${n}`, price: 1, note: 'z'.repeat(9_000) };
    const bought = { order_id: `o${n}`, total: 1, products: [{ product_id: 'x'.repeat(20_000), price: 1 }] };
    const cart = { type: 'track' as const, name: 'Product Added', properties: product };
    const order = { type: 'track' as const, name: 'Order Completed', properties: bought };
    foldProfile(profile, { ...rest, ...order }, 'EUR');
    foldProfile(profile, { ...rest, ...cart, at: NOW + 1_000 + n }, 'EUR');
  }
  expect(JSON.stringify(profile).length).toBeLessThan(400_000);
  expect(profile).toMatchObject({ orderCount: 60, spend: { EUR: 6_000 } });
  expect(profile.orders.at(-1)?.id).toBe('o59');
  expect(profile.cart?.items.at(-1)).toEqual({ product_id: 'p59', price: 1, quantity: 1 });
});

describe('a profile stays within about a megabyte', () => {
  const fold = (events: Partial<Parameters<typeof foldProfile>[1]>[]) => {
    const profile = emptyProfile();
    const event = {
      type: 'track' as const,
      name: 'x',
      properties: {},
      traits: {},
      context: {},
      source: 'web',
    };
    const dropped = events.flatMap(
      (more, n) => foldProfile(profile, { ...event, at: NOW + n, seq: n + 1, ...more }, 'EUR').dropped,
    );
    return { profile, dropped, bytes: Buffer.byteLength(JSON.stringify(profile)) };
  };
  const times = <T>(count: number, make: (n: number) => T) =>
    Array.from({ length: count }, (_, n) => make(n));
  const identify = (traits: Record<string, unknown>) =>
    ({ type: 'identify', name: 'Customer Identified', traits }) as const;
  const lines = times(50, (n) => ({ product_id: `${n}`.padEnd(250, 'p'), sku: `${n}`.padEnd(250, 's') }));

  test.each<[string, Partial<Parameters<typeof foldProfile>[1]>[], number]>([
    ['long names of traits', times(200, (n) => identify({ [`${n}`.padEnd(30_000, 'n')]: true })), 100_000],
    [
      'texts of three bytes a letter',
      times(50, (n) => identify({ [`t${n}`]: '語'.repeat(10_000) })),
      100_000,
    ],
    [
      'long ids of orders',
      times(300, (n) => ({ name: 'Order Completed', properties: { order_id: `${n}`.padEnd(20_000, 'o') } })),
      500_000,
    ],
    [
      'refunds of unknown orders with long lists',
      times(300, (n) => ({
        name: 'Order Refunded',
        properties: { order_id: `r${n % 50}`, refund_id: `${n}`, products: lines },
      })),
      200_000,
    ],
    [
      'refunds of one order with long lists',
      [
        { name: 'Order Completed', properties: { order_id: 'o', total: 900, products: lines } },
        ...times(80, (n) => ({
          name: 'Order Refunded',
          properties: { order_id: 'o', refund_id: `${n}`, amount: 1, products: lines },
        })),
      ],
      200_000,
    ],
    [
      'purposes with long names',
      times(30, (n) => ({
        anonymousId: `device-${n}`,
        context: {
          consent: {
            categoryPreferences: Object.fromEntries(times(60, (p) => [`${n} ${p}`.padEnd(250, 'p'), true])),
          },
        },
      })),
      500_000,
    ],
  ])('with %s', (_name, events, limit) => {
    expect(fold(events).bytes).toBeLessThan(limit);
  });

  test('no money is lost where refunds of one order are too large to be kept one by one', () => {
    const { profile } = fold([
      { name: 'Order Completed', properties: { order_id: 'o', total: 900, products: lines } },
      ...times(80, (n) => ({
        name: 'Order Refunded',
        properties: { order_id: 'o', refund_id: `${n}`, amount: 1, products: lines },
      })),
    ]);
    expect(profile.orders).toMatchObject([{ id: 'o', refunded: 8_000 }]);
    expect(profile.spend).toEqual({ EUR: 82_000 });
  });

  test('what goes of unknown orders is named', () => {
    const { dropped, profile } = fold(
      times(40, (n) => ({
        name: 'Order Refunded',
        properties: { order_id: `r${n}`, refund_id: 'x', products: lines },
      })),
    );
    expect(dropped.map(({ name }) => name)).toContain('r0');
    expect(profile.returns.map(({ id }) => id)).toContain('r39');
  });
});
