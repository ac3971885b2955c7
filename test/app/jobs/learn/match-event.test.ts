import { expect, test } from 'vitest';
import type { DueReward } from '../../../../db/learning/due-rewards.ts';
import { matchesReward } from '../../../../src/app/jobs/learn/match-event.ts';
import type { Bundle } from '../../../../src/domain/definition.ts';

const due = { effects: [{ id: 'dlv_1', couponId: 'cpn_1' }] } as DueReward;
const event = (properties: object) =>
  ({ name: 'Coupon Redeemed', source: 'throughline', properties }) as Parameters<typeof matchesReward>[2];

test('D-10 A-9 a redemption rewards the decision that gave the coupon, and no other', () => {
  const matches = (properties: object) =>
    matchesReward(due, { match: 'customer' }, event(properties), {} as Bundle);
  expect(matches({ coupon_id: 'cpn_1', action: 'coupon-20' })).toBe(true);
  expect(matches({ coupon_id: 'cpn_2', action: 'coupon-20' })).toBe(false);
  expect(matches({ action: 'coupon-20' })).toBe(false);
});
