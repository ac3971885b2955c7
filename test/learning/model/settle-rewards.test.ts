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

test('a reward closes when its window ends and not before; without an outcome it is 0', () => {
  const both = [pending('d1'), pending('d2')];
  const outcomes = [outcome('o1', 'd1')];
  expect(settleRewards(both, outcomes, 17 * DAY - 1)).toMatchObject({
    observations: [],
    openDecisions: ['d1', 'd2'],
  });
  const { observations, openDecisions } = settleRewards(both, outcomes, 17 * DAY);
  expect(observations.map(({ decisionId, reward, at }) => [decisionId, reward, at])).toEqual([
    ['d1', 1, 10 * DAY],
    ['d2', 0, 10 * DAY],
  ]);
  expect(openDecisions).toEqual([]);
});

test('bad input: duplicate, late, early, NaN and unknown outcomes each get their status, and a valid one counts once', () => {
  const outcomes = [
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
  const settlement = settleRewards([pending('d1', { reward: 'sum' })], outcomes, 30 * DAY, new Set(['done']));
  expect(settlement.observations.map(({ reward }) => reward)).toEqual([42]);
  expect(settlement.outcomes.map(({ status }) => status)).toEqual([
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
  expect(settleRewards([pending('d1')], outcomes, 30 * DAY, new Set(['d1'])).observations).toEqual([]);
});

const DECLARED: Feature[] = [
  { name: 'intent', permission: 'profiling', kind: 'number', centre: 0.5, scale: 0.25 },
  { name: 'contacts', permission: null, kind: 'number', centre: 0, scale: 1, log: true },
  { name: 'hour', permission: null, kind: 'cycle', period: 24 },
  { name: 'ticket', permission: null, kind: 'flag' },
];

test('features are standardised and clipped at 3; a forbidden feature is 0 and sets the missing indicator', () => {
  const schema = buildFeatureSchema(DECLARED);
  const values = { intent: 9, contacts: Math.E - 1, hour: 6, ticket: 1 };
  const rounded = (x: number[]) => x.map((value) => Number(value.toFixed(12)) + 0);
  expect(rounded(buildFeatureVector(schema, values, new Set(['profiling'])).vector)).toEqual([
    1, 3, 1, 0, 1, 1, 0,
  ]);
  expect(rounded(buildFeatureVector(schema, values, new Set()).vector)).toEqual([1, 0, 1, 0, 1, 1, 1]);
  const { vector, refusals } = buildFeatureVector(schema, { intent: Number.NaN }, new Set(['profiling']));
  expect(vector).toEqual([1, 0, 0, 0, 0, 0, 0]);
  expect(refusals).toEqual([{ code: 'not_finite', subject: 'intent' }]);
});

test('the fingerprint depends on the order of features; duplicate, too many or invalid features throw', () => {
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
