import { expect, test } from 'vitest';
import { baselineArm, rewardKind } from '../../../src/decisioning/learning/reward-kind.ts';
import { DAY } from '../../../src/domain/time.ts';

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
    ...changes.map((change) => rewardKind({ ...REWARD, ...change })),
    rewardKind({ ...REWARD, match: 'key' }),
    rewardKind({ ...REWARD, when: null }),
    rewardKind({ ...REWARD, amount: null }),
    rewardKind(REWARD),
  ];
  expect(new Set(kinds).size).toBe(kinds.length);
  const { on, ...rest } = REWARD;
  expect(rewardKind({ ...rest, on })).toBe(rewardKind(REWARD));
});

test('I7: a kind of reward keeps its name for ever, since its arm is stored under it', () => {
  expect(rewardKind(null)).toBe('none');
  expect(rewardKind(REWARD)).toBe('301f45b0');
  expect(baselineArm(REWARD)).toBe(`∅:${rewardKind(REWARD)}`);
});
