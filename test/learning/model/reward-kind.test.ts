import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { baselineArmId, hashRewardKind } from '../../../src/learning/model/reward-kind.ts';

const REWARD = {
  on: 'Order Completed',
  when: 'event.properties.total > 10.0',
  match: 'customer' as const,
  within: 7 * DAY,
  amount: 'event.properties.total',
};

test('two rewards have the same kind exactly when all their fields are equal, in any order of keys', () => {
  const changes: Partial<typeof REWARD>[] = [
    { on: 'Link Clicked' },
    { within: 8 * DAY },
    { when: 'event.properties.total > 11.0' },
    { amount: 'event.properties.tax' },
  ];
  const kinds = [
    ...changes.map((change) => hashRewardKind({ ...REWARD, ...change })),
    hashRewardKind({ ...REWARD, match: 'key' }),
    hashRewardKind({ ...REWARD, when: null }),
    hashRewardKind({ ...REWARD, amount: null }),
    hashRewardKind(REWARD),
  ];
  expect(new Set(kinds).size).toBe(kinds.length);
  const { on, ...rest } = REWARD;
  expect(hashRewardKind({ ...rest, on })).toBe(hashRewardKind(REWARD));
});

test('I7: the name of a reward kind is stable, because stored arms use it', () => {
  expect(hashRewardKind(null)).toBe('none');
  expect(hashRewardKind(REWARD)).toBe('301f45b0');
  expect(baselineArmId(REWARD)).toBe(`∅:${hashRewardKind(REWARD)}`);
});
