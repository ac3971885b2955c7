import { expect, test } from 'vitest';
import { addArms } from '../../../src/learning/model/group-prior.ts';
import { serveSnapshot } from '../../../src/learning/model/served-model.ts';
import { createBinaryPrior, createSnapshot } from '../../../src/learning/model/snapshot.ts';
import { arbitrate } from '../../../src/learning/policy/arbitrate.ts';
import { DEFAULT_SETTINGS } from '../../../src/learning/policy/arbitration.ts';
import { contestant } from '../model/support.ts';

/** Counts the numbers of the model that one decision reads. */
function countReads(arms: number, size: number): number {
  const ids = Array.from({ length: arms }, (_, n) => `arm-${n}`);
  const empty = createSnapshot({ featureSchema: 's', size, halfLife: 1e9, floor: 20, at: 0 });
  const start = { group: null, likelihood: { kind: 'binary' as const }, prior: createBinaryPrior(size) };
  const model = serveSnapshot(
    addArms(
      empty,
      [...ids, '∅:none'].map((id) => ({ id, ...start })),
    ),
  );
  let count = 0;
  const countAccess = (numbers: Float64Array): Float64Array =>
    new Proxy(numbers, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) count += 1;
        return Reflect.get(target, key, target);
      },
    });
  for (const [id, arm] of model.arms)
    model.arms.set(id, { ...arm, mean: countAccess(arm.mean), root: countAccess(arm.root) });
  const x = new Array<number>(size).fill(1);
  arbitrate({
    model,
    features: x,
    contestants: ids.map((id) => contestant(id)),
    settings: DEFAULT_SETTINGS,
    seed: 's',
  });
  return count;
}

test('a decision reads arms × features² numbers: it estimates each arm and each baseline once', () => {
  for (const [arms, size] of [
    [1, 4],
    [10, 16],
    [10, 32],
    [50, 16],
    [50, 32],
  ] as const)
    expect(countReads(arms, size)).toBe((arms + 1) * (size + (size * (size + 1)) / 2));
});
