import { expect, test } from 'vitest';
import type { ActionDef } from '../../src/domain/definition.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { judgeCandidate } from '../../src/engine/gates/judge.ts';
import { bundlePolicy, claimPolicy, placementPolicy, withoutSpacing } from '../../src/engine/policy.ts';
import { action, bundle, candidate, delivery, facts, NOW, request, workspace } from './support.ts';

const ALWAYS_QUIET = { from: 0, to: 24 * 60 - 1, classes: ['marketing' as const] };
const shop = bundle({ workspace: workspace({ quiet: ALWAYS_QUIET, spacing: 2 * DAY }) });
const contacted = facts({ deliveries: [delivery({ at: NOW - HOUR })] });

function blockedCodes(of: ActionDef, policy = bundlePolicy(shop)) {
  const decision = request({ bundle: shop, policy, facts: contacted });
  return judgeCandidate(candidate(of), decision).flatMap(({ pass, code }) => (pass ? [] : [code]));
}

test('the bundle’s policy asks every gate by the bundle’s own rules', () => {
  expect(blockedCodes(action())).toEqual(['quiet_hours', 'too_soon']);
});

test('B-7: a claim’s policy asks neither the conditions nor the coupon rule again', () => {
  const asked = (policy = bundlePolicy(shop)) =>
    judgeCandidate(candidate(action()), request({ bundle: shop, policy })).map(({ gate }) => gate);
  const left = ['eligibility', 'applicability', 'suitability', 'coupon'];
  expect(asked(claimPolicy(shop))).toEqual(asked().filter((gate) => !left.includes(gate)));
});

test('D-13: no hour is quiet on a channel that reaches visitors only; a channel with an address keeps quiet hours', () => {
  expect(blockedCodes(action(), placementPolicy(shop, { channel: 'inbox' }))).toEqual(['too_soon']);
  expect(blockedCodes(action(), placementPolicy(shop, { channel: 'push' }))).toEqual([
    'quiet_hours',
    'too_soon',
  ]);
});

test('the later places of a list need no spacing', () => {
  expect(blockedCodes(action(), withoutSpacing(bundlePolicy(shop)))).toEqual(['quiet_hours']);
});

test('no policy changes the bundle', () => {
  const before = structuredClone(shop);
  withoutSpacing(placementPolicy(shop, { channel: 'inbox' }));
  claimPolicy(shop);
  expect(shop).toEqual(before);
});
