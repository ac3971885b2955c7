import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyProfile, foldProfile, type Profile } from '../../../src/domain/customer/profile.ts';
import { KEPT_TOUCHES } from '../../../src/domain/customer/touch.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { computeScores } from '../../../src/learning/scores/compute-scores.ts';
import { computeThermometer } from '../../../src/learning/scores/customer-value.ts';
import { explainScores } from '../../../src/learning/scores/explained-scores.ts';
import { fitScores } from '../../../src/learning/scores/fit-scores.ts';
import { measureThermometer, type Thermometer } from '../../../src/learning/scores/thermometer.ts';
import type { CustomerHistory, FittedScores } from '../../../src/learning/scores/types.ts';
import { sumValueAreas, type ValueAreaAmount } from '../../../src/learning/scores/value-areas.ts';
import { bundle, facts, workspace } from '../../engine/support.ts';
import { bought, CALIBRATED, cdnow, ENDED } from './cdnow.ts';

const fitted = fitScores({
  version: 'night-1',
  at: CALIBRATED,
  currency: 'USD',
  customers: cdnow().map((history, i) => ({ history, advocacy: i % 7, engagement: 0 })),
  hours: null,
});

function read(history: CustomerHistory, changes: Partial<Parameters<typeof measureThermometer>[0]> = {}) {
  return measureThermometer({
    history,
    fitted,
    advocacy: 3,
    areas: [],
    before: null,
    now: CALIBRATED,
    ...changes,
  });
}
const listCalibrated = (history: CustomerHistory) => history.purchases.filter(({ at }) => at <= CALIBRATED);

test('B-9: every customer of CDNOW has a value from 0 to 100, between its low and high, equal to the sum of its parts', () => {
  const bands = new Set<string>();
  for (const history of cdnow().slice(0, 300)) {
    const { value, low, high, parts, band } = read(history);
    bands.add(band);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(value).toBeGreaterThanOrEqual(low);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(high).toBeLessThanOrEqual(100);
    expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(value, 10);
    expect(parts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(band).toBe(value >= 80 ? 'hot' : value >= 50 ? 'warm' : 'cold');
  }
  expect(bands).toEqual(new Set(['cold', 'warm', 'hot']));
});

test('B-9: in the next nine months hot customers spend more than warm ones, and warm more than cold', () => {
  const spent = { cold: [0, 0], warm: [0, 0], hot: [0, 0] };
  for (const history of cdnow()) {
    const group = spent[read(history).band];
    const later = history.purchases.filter(({ at }) => at > CALIBRATED);
    group[0] = (group[0] ?? 0) + later.reduce((sum, { amount }) => sum + amount, 0);
    group[1] = (group[1] ?? 0) + 1;
  }
  const mean = (band: 'cold' | 'warm' | 'hot') => (spent[band][0] ?? 0) / (spent[band][1] ?? 1);
  expect(mean('hot')).toBeGreaterThan(2 * mean('warm'));
  expect(mean('warm')).toBeGreaterThan(mean('cold'));
});

test('B-9: a refund lowers the value and never raises it', () => {
  let lowered = 0;
  const repeaters = cdnow()
    .filter((history) => listCalibrated(history).length > 1)
    .slice(0, 200);
  for (const history of repeaters) {
    const last = listCalibrated(history).at(-1);
    const refunded = bought(history.purchases.map((one) => (one === last ? { ...one, amount: 0 } : one)));
    const [before, after] = [read(history), read(refunded)];
    expect(after.value).toBeLessThanOrEqual(before.value + 1e-9);
    if (after.value < before.value) lowered++;
  }
  expect(lowered / repeaters.length).toBeGreaterThan(0.95);
});

test('B-9: the value does not depend on the order of purchases and areas', () => {
  const history = cdnow().find((one) => listCalibrated(one).length > 5) as CustomerHistory;
  const areas: ValueAreaAmount[] = [
    { kind: 'category', name: 'jazz', amount: 700 },
    { kind: 'category', name: 'rock', amount: 200 },
    { kind: 'category', name: 'jazz', amount: 100 },
    { kind: 'service', name: 'tickets', amount: 250 },
  ];
  const reference = read(history, { areas });
  fc.assert(
    fc.property(
      fc.shuffledSubarray(history.purchases, { minLength: history.purchases.length }),
      fc.shuffledSubarray(areas, { minLength: areas.length }),
      (purchases, others) => {
        expect(read(bought(purchases), { areas: others })).toEqual(reference);
      },
    ),
    { numRuns: 20 },
  );
});

test('B-9: the shares of the areas add up to 100, with the cost of service as a negative share', () => {
  const anyArea = fc.record({
    kind: fc.constantFrom('category' as const, 'channel' as const, 'service' as const),
    name: fc.constantFrom('a', 'b', 'c', '__proto__'),
    amount: fc.integer({ min: 0, max: 100_000 }),
  });
  fc.assert(
    fc.property(fc.array(anyArea), (areas) => {
      for (const kind of ['category', 'channel'] as const) {
        const shares = sumValueAreas(kind, areas).map(({ share }) => share);
        if (shares.includes(null)) continue;
        if (shares.length > 0)
          expect(shares.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(100, 6);
      }
    }),
  );
  expect(
    sumValueAreas('category', [
      { kind: 'category', name: 'jazz', amount: 800 },
      { kind: 'category', name: 'rock', amount: 400 },
      { kind: 'channel', name: 'web', amount: 1_200 },
      { kind: 'service', name: 'tickets', amount: 200 },
    ]),
  ).toEqual([
    { kind: 'category', name: 'jazz', amount: 800, share: 80 },
    { kind: 'category', name: 'rock', amount: 400, share: 40 },
    { kind: 'service', name: 'tickets', amount: -200, share: -20 },
  ]);
  const loss = sumValueAreas('channel', [{ kind: 'service', name: 'tickets', amount: 200 }]);
  expect(loss).toEqual([{ kind: 'service', name: 'tickets', amount: -200, share: null }]);
});

test('a customer without a purchase has rank 0 for the future; without a fit the range is 0 to 1', () => {
  const stranger = read(bought([]));
  expect(stranger.parts.find(({ name }) => name === 'future')).toMatchObject({ points: 0, rank: 0 });
  expect(stranger.future).toBe(null);
  const bare: FittedScores = {
    ...fitted,
    buying: { ok: false, reason: 'too_few_customers', message: '3 customers have bought; it takes 50.' },
  };
  const unknown = read(cdnow()[0] as CustomerHistory, { fitted: bare });
  expect(unknown.parts.find(({ name }) => name === 'future')).toMatchObject({ points: 30, rank: null });
  expect(unknown.high - unknown.low).toBeCloseTo(60, 10);
});

test('the change is the difference to thirty days ago, or null', () => {
  const history = cdnow()[0] as CustomerHistory;
  const { value, change } = read(history);
  expect(change).toBe(null);
  expect(read(history, { before: value - 4 }).change).toBeCloseTo(4, 10);
});

/** One customer's life, as events. */
const LIFE: [string, number, Record<string, unknown>][] = [
  ...Array.from({ length: 6 }, (_, n): [string, number, Record<string, unknown>] => [
    'Order Completed',
    300 - 45 * n,
    {
      order_id: `o${n}`,
      total: 20 + n,
      channel: n % 2 === 0 ? 'web' : 'shop',
      products: [
        { product_id: `p${n}`, category: n % 3 === 0 ? 'beans' : 'cups', price: 15, quantity: 1 },
        { product_id: 'x', price: 5 + n },
      ],
    },
  ]),
  ['Order Refunded', 60, { order_id: 'o1' }],
  ['Order Cancelled', 100, { order_id: 'o3' }],
  ['Product Reviewed', 50, { product_id: 'p0' }],
  ['Product Shared', 10, { product_id: 'p0' }],
  ['Page Viewed', 9, {}],
  ['Product Viewed', 8, { product_id: 'p9', category: 'cups' }],
  ['Delivery Clicked', 7, { channel: 'email' }],
];

function lived(life: typeof LIFE): Profile {
  const profile = emptyProfile();
  for (const [seq, [name, daysAgo, properties]] of life.entries())
    foldProfile(
      profile,
      {
        type: name === 'Page Viewed' ? 'page' : 'track',
        name,
        at: CALIBRATED - daysAgo * DAY,
        seq: seq + 1,
        properties,
        traits: {},
        context: {},
        source: 'web',
      },
      'USD',
    );
  return profile;
}

function worthOf(profile: Profile, serviceCost = 150): Thermometer {
  const wanted = {
    facts: facts({ profile }),
    bundle: bundle({ workspace: workspace({ currency: 'USD' }) }),
    fitted,
    now: CALIBRATED,
    evaluate: () => ({ ok: true as const, value: true }),
  };
  return computeThermometer(wanted, serviceCost) as Thermometer;
}

test('B-9: thermometer and areas do not depend on the order of events, even with refunds before their orders', () => {
  const reference = worthOf(lived(LIFE));
  fc.assert(
    fc.property(fc.shuffledSubarray(LIFE, { minLength: LIFE.length }), (life) => {
      const profile = lived(life);
      expect(worthOf(profile)).toEqual(reference);
      expect(profile.returns).toEqual([]);
    }),
  );
  for (const areas of [reference.areas.category, reference.areas.channel])
    expect(areas.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(100, 9);
  expect(reference.areas.category.map(({ name }) => name).sort()).toEqual([
    'beans',
    'cups',
    'other',
    'service',
  ]);
  expect(reference.areas.category.find(({ kind }) => kind === 'service')?.amount).toBe(-150);
  expect(reference.areas.channel.map(({ name }) => name).sort()).toEqual(['service', 'shop', 'web']);
  expect(Object.values(reference.parts).reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(
    reference.value,
    9,
  );
});

test('B-9: a refund lowers the thermometer, and purchases of the last thirty days are its change', () => {
  const before = worthOf(lived(LIFE));
  const refunded = worthOf(lived([...LIFE, ['Order Refunded', 1, { order_id: 'o5' }]]));
  expect(refunded.value).toBeLessThan(before.value);
  const bought = worthOf(lived([...LIFE, ['Order Completed', 3, { order_id: 'o9', total: 90 }]]));
  expect(bought.change ?? 0).toBeGreaterThan(before.change ?? 0);
  expect(bought.value - (bought.change ?? 0)).toBeCloseTo(before.value - (before.change ?? 0), 9);
});

test('B-9: if the touches of a month ago are no longer stored, engagement adds nothing to the change', () => {
  const visits = Array.from({ length: 90 }, (_, n): (typeof LIFE)[number] => [
    'Product Viewed',
    n / 5,
    { product_id: `v${n}` },
  ]);
  const busy = lived([...LIFE, ...visits]);
  expect(busy.touches).toHaveLength(KEPT_TOUCHES);
  const idle = lived(LIFE.filter(([name]) => name.startsWith('Order')));
  const engagement = (one: Thermometer) => one.parts.find(({ name }) => name === 'engagement')?.points ?? 0;
  // Nothing was bought or recommended since, but for the share ten days ago.
  const still = lived([...LIFE.filter(([name]) => name.startsWith('Order')), ...visits]);
  expect(engagement(worthOf(still))).toBeGreaterThanOrEqual(engagement(worthOf(idle)));
  const parts = ['future', 'margin', 'advocacy'];
  const others = (one: Thermometer) =>
    one.parts.filter(({ name }) => parts.includes(name)).reduce((sum, { points }) => sum + points, 0);
  expect(others(worthOf(still))).toBeCloseTo(others(worthOf(idle)), 9);
});

test('D-12, D-17: explained scores equal the scores that decisions use, with reasons, an interval, or why there is none', () => {
  const wanted = {
    facts: facts({ profile: lived(LIFE) }),
    bundle: bundle({ workspace: workspace({ currency: 'USD' }) }),
    fitted,
    now: CALIBRATED,
    evaluate: () => ({ ok: true as const, value: true }),
  };
  const [named, read] = [computeScores(wanted), explainScores(wanted)];
  for (const [name, { value }] of Object.entries(read.six)) expect(value).toBe(named[name]);
  expect(read.clv?.value).toBe(named.clv);
  expect(read.clv?.low).toBeLessThanOrEqual(read.clv?.value ?? 0);
  expect(read.clv?.high).toBeGreaterThanOrEqual(read.clv?.value ?? 0);
  expect([read.rfm?.r, read.rfm?.f, read.rfm?.m]).toEqual([named.r, named.f, named.m]);
  expect([read.overdueAt, read.datesFrom, read.clvUnavailable]).toEqual([named.overdueAt, 'fit', null]);
  const before = explainScores({ ...wanted, fitted: null });
  expect(before).toMatchObject({
    clv: null,
    clvUnavailable: { code: 'not_fitted' },
    datesFrom: 'rhythm',
    rfm: null,
  });
  const refused = {
    ...fitted,
    buying: { ok: false as const, reason: 'too_few_customers' as const, message: 'Too few.' },
  };
  expect(explainScores({ ...wanted, fitted: refused })).toMatchObject({
    clv: null,
    clvUnavailable: { code: 'too_few_customers', message: 'Too few.' },
    datesFrom: 'rhythm',
    overdueAt: computeScores({ ...wanted, fitted: null }).overdueAt,
  });
  // A fit in another currency isn't used.
  expect(explainScores({ ...wanted, fitted: { ...fitted, currency: 'EUR' } }).fitted).toBe(null);
});

test('D-15: a fit stores its calibration: within a fifth of the actual purchases in the last half year of CDNOW', () => {
  const body = fitScores({
    version: 'night-2',
    at: ENDED,
    currency: 'USD',
    customers: cdnow().map((history) => ({ history, advocacy: 0, engagement: 0 })),
    hours: null,
    calibrationPeriod: 182 * DAY,
  });
  const { predicted, actual, covered, meanError, naiveError, bins } = body.calibration ?? {
    predicted: 0,
    actual: 1,
    covered: 0,
    meanError: 1,
    naiveError: 0,
    bins: [],
  };
  expect(Math.abs(predicted / actual - 1)).toBeLessThan(0.2);
  expect(covered).toBeGreaterThan(0.88);
  expect(meanError).toBeLessThan(naiveError);
  expect(bins.length).toBeGreaterThan(1);
});
