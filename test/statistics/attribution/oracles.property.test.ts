import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TouchPath } from '../../../src/statistics/attribution/touch-paths.ts';
import { anyPaths, attributePaths, CHANNELS, path, removeFromPaths } from './support.ts';

/** Shapley's definition, over every one of the 2ⁿ sets. A set is worth the conversions of paths that need no others. */
function bruteForceShapley(paths: TouchPath[], channels: string[]): number[] {
  const n = channels.length;
  const worth = (set: number) =>
    paths
      .filter((p) => p.touches.every((t) => set & (1 << channels.indexOf(t.touchpoint))))
      .reduce((sum, p) => sum + p.conversions, 0);
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return channels.map((_, i) => {
    let value = 0;
    for (let set = 0; set < 1 << n; set++) {
      if (set & (1 << i)) continue;
      const size = channels.filter((_c, j) => set & (1 << j)).length;
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n);
      value += weight * (worth(set | (1 << i)) - worth(set));
    }
    return value;
  });
}

test('C-10: Shapley equals the brute-force value over all sets of channels', () => {
  fc.assert(
    fc.property(anyPaths, (paths) => {
      const touched = paths.filter((p) => p.touches.length > 0);
      const expected = bruteForceShapley(touched, CHANNELS);
      const credits = new Map(
        attributePaths(touched, 'shapley').map((c) => [c.touchpoint, c.milliConversions]),
      );
      CHANNELS.forEach((channel, i) => {
        expect(Math.abs((credits.get(channel) ?? 0) - 1000 * (expected[i] as number))).toBeLessThan(1);
      });
    }),
    { numRuns: 150 },
  );
});

/** P(conversion) with a touchpoint removed, by pushing probability through the chain until none is left. */
function byPropagation(paths: TouchPath[], order: number, removed: string | null): number {
  const counts = new Map<string, Map<string, number>>();
  const stateAt = (p: TouchPath, i: number) =>
    JSON.stringify(p.touches.slice(Math.max(0, i - order + 1), i + 1).map((t) => t.touchpoint));
  for (const p of paths) {
    const states = ['start', ...p.touches.map((_, i) => stateAt(p, i)), p.conversions > 0 ? 'won' : 'lost'];
    for (let i = 1; i < states.length; i++) {
      const row = counts.get(states[i - 1] as string) ?? new Map<string, number>();
      row.set(states[i] as string, (row.get(states[i] as string) ?? 0) + Math.max(1, p.conversions));
      counts.set(states[i - 1] as string, row);
    }
  }
  let mass = new Map(paths.length > 0 ? [['start', 1]] : []);
  let won = 0;
  for (let round = 0; round < 20_000 && mass.size > 0; round++) {
    const moved = new Map<string, number>();
    for (const [state, p] of mass) {
      const row = counts.get(state) as Map<string, number>;
      const all = [...row.values()].reduce((a, b) => a + b, 0);
      for (const [to, times] of row) {
        const part = (p * times) / all;
        if (to === 'won') won += part;
        else if (to !== 'lost' && part > 1e-15 && !(removed !== null && JSON.parse(to).includes(removed)))
          moved.set(to, (moved.get(to) ?? 0) + part);
      }
    }
    mass = moved;
  }
  return won;
}

test.each([1, 2, 3] as const)(
  'C-10: Markov of order %i equals the loss measured by walking through the chain',
  (order) => {
    fc.assert(
      fc.property(anyPaths, (paths) => {
        const touched = paths.filter((p) => p.touches.length > 0);
        const whole = byPropagation(touched, order, null);
        for (const [touchpoint, effect] of removeFromPaths(touched, order)) {
          const lost = whole > 0 ? 1 - byPropagation(touched, order, touchpoint) / whole : 0;
          expect(effect).toBeCloseTo(lost, 9);
        }
      }),
      { numRuns: 60 },
    );
  },
);

test('C-10: Markov removal effects equal those computed by hand for three paths, one of which converts', () => {
  // From the start 2/3 to one, 1/3 to two; one → two or lost, half each; two → three; three → won or lost, half each.
  const paths = [path(['one', 'two', 'three'], 1), path(['one'], 0), path(['two', 'three'], 0)];
  const effects = removeFromPaths(paths, 1);
  expect(effects.get('one')).toBeCloseTo(0.5, 12);
  expect(effects.get('two')).toBeCloseTo(1, 12);
  expect(effects.get('three')).toBeCloseTo(1, 12);
  expect(attributePaths(paths, 'markov_1').map((c) => c.milliConversions)).toEqual([200, 400, 400]);
});

test('C-10: a higher Markov order distinguishes paths that a lower one does not', () => {
  // After `b`, paths from `a` convert, and paths from `c` never do.
  const paths = [path(['a', 'b'], 1), path(['c', 'b'], 0)];
  expect(removeFromPaths(paths, 1).get('c')).toBeCloseTo(0.5, 12);
  expect(removeFromPaths(paths, 2).get('c')).toBeCloseTo(0, 12);
});

test('touchpoints can have any name', () => {
  const paths = [path(['', '\u0001', ','], 1), path(['constructor'], 0), path([''], 1)];
  for (const order of [1, 2, 3] as const) {
    const effects = removeFromPaths(paths, order);
    expect([...effects.keys()]).toEqual(['', '\u0001', ',', 'constructor']);
    expect(effects.get('')).toBeCloseTo(1, 12);
  }
});

test('too many states throw, and the message says what to do', () => {
  const paths = Array.from({ length: 600 }, (_, i) => path([`t${i}`], i % 2));
  expect(() => removeFromPaths(paths, 1)).toThrow('use a lower order, or group the touchpoints');
});
