import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { buildDefaultFeatures } from '../../../src/learning/model/default-features.ts';
import {
  buildFeatureSchema,
  buildFeatureVector,
  type Feature,
} from '../../../src/learning/model/features.ts';
import {
  type PendingReward,
  type RewardOutcome,
  settleRewards,
} from '../../../src/learning/model/settle-rewards.ts';

const pending = (decisionId: string, changes: Partial<PendingReward> = {}): PendingReward => ({
  decisionId,
  arm: 'a',
  featureSchema: 's',
  features: [1],
  at: 10 * DAY,
  within: 7 * DAY,
  reward: 'any',
  ...changes,
});
const outcome = (id: string, decisionId: string, changes: Partial<RewardOutcome> = {}): RewardOutcome => ({
  id,
  decisionId,
  at: 12 * DAY,
  value: 1,
  ...changes,
});

test('a reward is closed when its window is over, not before, and none is a reward of 0', () => {
  const both = [pending('d1'), pending('d2')];
  const told = [outcome('o1', 'd1')];
  expect(settleRewards(both, told, 17 * DAY - 1)).toMatchObject({ closed: [], open: ['d1', 'd2'] });
  const { observations: closed, openDecisions: open } = settleRewards(both, told, 17 * DAY);
  expect(closed.map((one) => [one.decisionId, one.reward, one.at])).toEqual([
    ['d1', 1, 10 * DAY],
    ['d2', 0, 10 * DAY],
  ]);
  expect(open).toEqual([]);
});

test('bad input: a reward for an unknown decision, twice, late, early or NaN is told apart, and counted once', () => {
  const told = [
    outcome('o1', 'd1', { value: 30 }),
    outcome('o1', 'd1', { value: 30 }),
    outcome('o2', 'd1', { value: 12 }),
    outcome('o3', 'gone'),
    outcome('o4', '__proto__'),
    outcome('o5', 'd1', { at: 17 * DAY }),
    outcome('o6', 'd1', { at: 9 * DAY }),
    outcome('o7', 'd1', { value: Number.NaN }),
    outcome('o8', 'done'),
  ];
  const { observations: closed, outcomes } = settleRewards(
    [pending('d1', { reward: 'sum' })],
    told,
    30 * DAY,
    new Set(['done']),
  );
  expect(closed.map((one) => one.reward)).toEqual([42]);
  expect(outcomes.map((one) => one.counting)).toEqual([
    'counted',
    'twice',
    'counted',
    'unknown_decision',
    'unknown_decision',
    'late',
    'early',
    'not_finite',
    'late',
  ]);
  expect(settleRewards([pending('d1')], told, 30 * DAY, new Set(['d1'])).observations).toEqual([]);
});

const DECLARED: Feature[] = [
  { name: 'intent', permission: 'profiling', kind: 'number', centre: 0.5, scale: 0.25 },
  { name: 'contacts', permission: null, kind: 'number', centre: 0, scale: 1, log: true },
  { name: 'hour', permission: null, kind: 'cycle', period: 24 },
  { name: 'ticket', permission: null, kind: 'flag' },
];

test('features are standardised, clipped at 3, and 0 with an indicator where the customer forbids them', () => {
  const shape = buildFeatureSchema(DECLARED);
  const values = { intent: 9, contacts: Math.E - 1, hour: 6, ticket: 1 };
  const rounded = (x: number[]) => x.map((value) => Number(value.toFixed(12)) + 0);
  expect(rounded(buildFeatureVector(shape, values, new Set(['profiling'])).x)).toEqual([1, 3, 1, 0, 1, 1, 0]);
  expect(rounded(buildFeatureVector(shape, values, new Set()).x)).toEqual([1, 0, 1, 0, 1, 1, 1]);
  const { x, refused } = buildFeatureVector(shape, { intent: Number.NaN }, new Set(['profiling']));
  expect(x).toEqual([1, 0, 0, 0, 0, 0, 0]);
  expect(refused).toEqual([{ code: 'not_finite', what: 'intent' }]);
});

test('a shape is told from another, and one that can not be is refused', () => {
  expect(
    buildFeatureSchema(buildDefaultFeatures(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).size,
  ).toBeLessThanOrEqual(32);
  expect(buildFeatureSchema(DECLARED).fingerprint).not.toBe(
    buildFeatureSchema([...DECLARED].reverse()).fingerprint,
  );
  expect(() => buildFeatureSchema([...DECLARED, DECLARED[3] as Feature])).toThrow('declared twice');
  const flags = Array.from(
    { length: 32 },
    (_, n): Feature => ({ name: `f${n}`, permission: null, kind: 'flag' }),
  );
  expect(() => buildFeatureSchema(flags)).toThrow('at most 32');
  expect(() => buildFeatureSchema([{ name: 'x', permission: null, kind: 'cycle', period: 0 }])).toThrow(
    'above 0',
  );
});
