import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AreaAmount, areasBy } from '../../src/decisioning/scores/areas.ts';
import { fitScores } from '../../src/decisioning/scores/fit-scores.ts';
import { thermometer } from '../../src/decisioning/scores/thermometer.ts';
import type { CustomerHistory, FittedScores } from '../../src/decisioning/scores/types.ts';
import { bought, CALIBRATED, cdnow } from './cdnow.ts';

const fitted = fitScores({
  version: 'night-1',
  at: CALIBRATED,
  currency: 'USD',
  customers: cdnow().map((history, i) => ({ history, advocacy: i % 7 })),
  hours: null,
});

function read(history: CustomerHistory, changes: Partial<Parameters<typeof thermometer>[0]> = {}) {
  return thermometer({ history, fitted, advocacy: 3, areas: [], before: null, now: CALIBRATED, ...changes });
}
const known = (history: CustomerHistory) => history.purchases.filter(({ at }) => at <= CALIBRATED);

test('B-9: every customer of CDNOW has a value from 0 to 100, within its low and high, that its parts add up to', () => {
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

test('B-9: the hot spend more in the next nine months than the warm, the warm more than the cold', () => {
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

test('B-9: a refund lowers it, and never raises it', () => {
  let lowered = 0;
  const repeaters = cdnow()
    .filter((history) => known(history).length > 1)
    .slice(0, 200);
  for (const history of repeaters) {
    const last = known(history).at(-1);
    const refunded = bought(history.purchases.map((one) => (one === last ? { ...one, amount: 0 } : one)));
    const [before, after] = [read(history), read(refunded)];
    expect(after.value).toBeLessThanOrEqual(before.value + 1e-9);
    if (after.value < before.value) lowered++;
  }
  expect(lowered / repeaters.length).toBeGreaterThan(0.95);
});

test('B-9: the order in which purchases and areas were told changes nothing', () => {
  const history = cdnow().find((one) => known(one).length > 5) as CustomerHistory;
  const areas: AreaAmount[] = [
    { kind: 'category', name: 'jazz', amount: 700 },
    { kind: 'category', name: 'rock', amount: 200 },
    { kind: 'category', name: 'jazz', amount: 100 },
    { kind: 'service', name: 'tickets', amount: 250 },
  ];
  const told = read(history, { areas });
  fc.assert(
    fc.property(
      fc.shuffledSubarray(history.purchases, { minLength: history.purchases.length }),
      fc.shuffledSubarray(areas, { minLength: areas.length }),
      (purchases, others) => {
        expect(read(bought(purchases), { areas: others })).toEqual(told);
      },
    ),
    { numRuns: 20 },
  );
});

test('B-9: the shares of the areas add up to 100, with what service cost as a negative one', () => {
  const anyArea = fc.record({
    kind: fc.constantFrom('category' as const, 'channel' as const, 'service' as const),
    name: fc.constantFrom('a', 'b', 'c', '__proto__'),
    amount: fc.integer({ min: 0, max: 100_000 }),
  });
  fc.assert(
    fc.property(fc.array(anyArea), (areas) => {
      for (const kind of ['category', 'channel'] as const) {
        const shares = areasBy(kind, areas).map(({ share }) => share);
        if (shares.includes(null)) continue;
        if (shares.length > 0)
          expect(shares.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(100, 6);
      }
    }),
  );
  expect(
    areasBy('category', [
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
  const loss = areasBy('channel', [{ kind: 'service', name: 'tickets', amount: 200 }]);
  expect(loss).toEqual([{ kind: 'service', name: 'tickets', amount: -200, share: null }]);
});

test('who never bought has no future to rank; where nothing could be fitted, the span says that nobody knows', () => {
  const stranger = read(bought([]));
  expect(stranger.parts.find(({ name }) => name === 'future')).toMatchObject({ points: 0, rank: 0 });
  expect(stranger.future).toBe(null);
  const bare: FittedScores = {
    ...fitted,
    buying: { ok: false, reason: 'too_few_customers', say: '3 customers have bought; it takes 50.' },
  };
  const unknown = read(cdnow()[0] as CustomerHistory, { fitted: bare });
  expect(unknown.parts.find(({ name }) => name === 'future')).toMatchObject({ points: 30, rank: null });
  expect(unknown.high - unknown.low).toBeCloseTo(60, 10);
});

test('the change is that since thirty days ago, or unknown', () => {
  const history = cdnow()[0] as CustomerHistory;
  const { value, change } = read(history);
  expect(change).toBe(null);
  expect(read(history, { before: value - 4 }).change).toBeCloseTo(4, 10);
});
