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

test('rewards are of one kind when all that tells them apart is equal, whatever order their keys come in', () => {
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

test('I7: a kind of reward keeps its name for ever, since its arm is stored under it', () => {
  expect(hashRewardKind(null)).toBe('none');
  expect(hashRewardKind(REWARD)).toBe('301f45b0');
  expect(baselineArmId(REWARD)).toBe(`∅:${hashRewardKind(REWARD)}`);
});
