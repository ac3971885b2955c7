import { expect, test } from 'vitest';
import { coarseNormals } from '../../src/maths/coarse-normals.ts';
import { digestText } from '../../src/maths/digest.ts';
import { normalCdf } from '../../src/maths/normal.ts';
import { createStream } from '../../src/maths/stream.ts';

const tagOf = (id: string) => digestText(new Uint32Array(4), id);
function take(count: number, seed: string, id: string): Float64Array {
  const out = new Float64Array(count);
  coarseNormals(out, count, createStream(seed).key, tagOf(id));
  return out;
}

test('I7: seed, name and position always give the same normals, for any count', () => {
  expect(Array.from(take(3, 'cus_1/dec_1', 'a'))).toEqual([
    1.2754544477156913, 3.2971933456919635, -0.4062344925824615,
  ]);
  expect(take(64, 's', 'a').slice(0, 13)).toEqual(take(13, 's', 'a'));
});

/** The χ² statistic of counts in sixteen equally likely cells, minus its mean, in standard deviations. */
function unevenness(normals: number[]): number {
  const counts = new Array<number>(16).fill(0);
  for (const z of normals) {
    const cell = Math.min(15, Math.floor(16 * normalCdf(z)));
    counts[cell] = (counts[cell] as number) + 1;
  }
  const even = normals.length / 16;
  return (counts.reduce((sum, count) => sum + (count - even) ** 2 / even, 0) - 15) / Math.sqrt(30);
}

test('coarse normals are standard normal, and uncorrelated between names and between seeds', () => {
  const seeds = Array.from({ length: 4_000 }, (_, n) => `seed ${n}`);
  const long = Array.from(take(40_000, 'one', 'a'));
  const first = seeds.map((seed) => take(1, seed, 'a')[0] as number);
  const other = seeds.map((seed) => take(1, seed, 'b')[0] as number);
  const names = seeds.map((name) => take(1, 'one', name)[0] as number);
  for (const numbers of [long, first, other, names]) {
    expect(Math.abs(unevenness(numbers))).toBeLessThan(4);
    expect(numbers.reduce((sum, z) => sum + z * z, 0) / numbers.length).toBeCloseTo(1, 0);
  }
  const together = (a: number[], b: number[]) =>
    a.reduce((sum, z, n) => sum + z * (b[n] as number), 0) / Math.sqrt(a.length);
  expect(Math.abs(together(first, other))).toBeLessThan(4);
  expect(Math.abs(together(first, names))).toBeLessThan(4);
  expect(Math.abs(together(long.slice(1), long))).toBeLessThan(4);
});
