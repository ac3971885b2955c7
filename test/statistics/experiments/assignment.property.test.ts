import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInGlobalControl, isInHoldout } from '../../../src/domain/holdout.ts';
import { chiSquareTail } from '../../../src/maths/chi-square.ts';
import {
  assignArm,
  computeControlShare,
  isInExploration,
} from '../../../src/statistics/experiments/assignment.ts';
import { checkSampleRatio } from '../../../src/statistics/experiments/sample-ratio.ts';

const CUSTOMERS = Array.from({ length: 20_000 }, (_, i) => `cus_${i}`);
const THREE = [
  { id: 'a', share: 5000 },
  { id: 'b', share: 3000 },
  { id: 'c', share: 2000 },
];

test('C-13: every customer has an arm, and it never changes', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (id, workspace, subject) => {
      const arm = assignArm({ id, arms: THREE }, workspace, subject);
      expect(['a', 'b', 'c']).toContain(arm);
      expect(assignArm({ id, arms: THREE }, workspace, subject)).toBe(arm);
    }),
  );
  // Stored nowhere, so a changed hash would move every customer of a running experiment.
  expect(CUSTOMERS.slice(0, 8).map((c) => assignArm({ id: 'subject', arms: THREE }, 'aroma', c))).toEqual(
    Array.from('abbbabab'),
  );
});

test('C-13: the arms have their shares of the customers', () => {
  const counts = new Map<string, number>();
  for (const customer of CUSTOMERS) {
    const arm = assignArm({ id: 'subject', arms: THREE }, 'aroma', customer);
    counts.set(arm, (counts.get(arm) ?? 0) + 1);
  }
  const { verdict } = checkSampleRatio(
    THREE.map(({ id, share }) => ({ arm: id, customers: counts.get(id) ?? 0, share })),
  );
  expect(verdict).toBe('ok');
});

/** p-value of independence of two yes-or-no assignments. */
function independence(first: (customer: string) => boolean, second: (customer: string) => boolean): number {
  const cells = [0, 0, 0, 0];
  for (const c of CUSTOMERS) {
    const cell = (first(c) ? 2 : 0) + (second(c) ? 1 : 0);
    cells[cell] = (cells[cell] as number) + 1;
  }
  const [a, b, c, d] = cells as [number, number, number, number];
  const determinant = a * d - b * c;
  const chi = (CUSTOMERS.length * determinant ** 2) / ((a + b) * (c + d) * (a + c) * (b + d));
  return chiSquareTail(chi, 1);
}

test('C-13: experiments, holdouts, the global control and exploration are independent', () => {
  const inA = (id: string) => (c: string) => assignArm({ id, arms: THREE }, 'aroma', c) === 'a';
  const held = (journey: string) => (c: string) => isInHoldout('aroma', journey, c, 1000);
  const control = (c: string) => isInGlobalControl('aroma', c, 500);
  const may = (c: string) => isInExploration('aroma', c, Date.UTC(2026, 4, 15));
  const june = (c: string) => isInExploration('aroma', c, Date.UTC(2026, 5, 1));
  const pairs = [
    [inA('one'), inA('two')],
    [inA('tips'), held('tips')],
    [held('tips'), held('refills')],
    [held('tips'), control],
    [held('tips'), may],
    [may, june],
  ] as const;
  for (const [first, second] of pairs) expect(independence(first, second)).toBeGreaterThan(0.001);
  expect(independence(may, may)).toBeLessThan(1e-9);
});

test('C-13: a growing holdout keeps its customers', () => {
  for (const customer of CUSTOMERS.slice(0, 2000)) {
    if (isInHoldout('aroma', 'tips', customer, 500)) {
      expect(isInHoldout('aroma', 'tips', customer, 1500)).toBe(true);
    }
    if (isInGlobalControl('aroma', customer, 200))
      expect(isInGlobalControl('aroma', customer, 400)).toBe(true);
  }
});

test('C-13: 2 % of customers explore, the same all month and others in the next', () => {
  const group = (at: number) => CUSTOMERS.filter((c) => isInExploration('aroma', c, at));
  const may = group(Date.UTC(2026, 4, 1));
  expect(may.length / CUSTOMERS.length).toBeCloseTo(0.02, 2);
  expect(group(Date.UTC(2026, 5, 1) - 1)).toEqual(may);
  const june = new Set(group(Date.UTC(2026, 5, 1)));
  expect(may.filter((c) => june.has(c)).length).toBeLessThan(may.length / 10);
});

test('C-13: the controls of a journey and the global controls together have the expected share', () => {
  expect(computeControlShare(500, 1000)).toBe(1450);
  const controls = CUSTOMERS.filter(
    (c) => isInGlobalControl('aroma', c, 500) || isInHoldout('aroma', 'tips', c, 1000),
  ).length;
  const counts = [
    { arm: 'treated', customers: CUSTOMERS.length - controls, share: 10_000 - 1450 },
    { arm: 'control', customers: controls, share: 1450 },
  ];
  expect(checkSampleRatio(counts).verdict).toBe('ok');
});

test('shares that do not sum to the whole throw', () => {
  expect(() => assignArm({ id: 'subject', arms: THREE.slice(1) }, 'aroma', 'c')).toThrow(
    "the shares of the arms of experiment 'subject' sum to 5000",
  );
});
