import { expect, test } from 'vitest';
import { normalCdf } from '../../src/maths/normal.ts';
import { permuteBlock } from '../../src/maths/philox.ts';
import { createStream, type RandomStream } from '../../src/maths/stream.ts';

const take = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw);
const hex = (block: Uint32Array) => Array.from(block, (word) => word.toString(16).padStart(8, '0')).join(' ');

test('I7: Philox gives the known answers published by its authors', () => {
  const of = (words: number[], key0: number, key1: number) => {
    const block = Uint32Array.from(words);
    permuteBlock(block, key0, key1);
    return hex(block);
  };
  expect(of([0, 0, 0, 0], 0, 0)).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  const ones = 0xffffffff;
  expect(of([ones, ones, ones, ones], ones, ones)).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
  expect(of([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], 0xa4093822, 0x299f31d0)).toBe(
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  );
});

test('I7: a seed always gives the same numbers', () => {
  const stream = createStream('cus_1/dec_1');
  expect(take(4, stream.word)).toEqual([4124833435, 3711323356, 4111867686, 2969020083]);
  expect(createStream('').uniform()).toBe(0.08555176650467733);
  expect(createStream('cus_1/dec_1').fork('draw').uniform()).toBe(0.34630323600600366);
});

test('a fork depends on seed and name only, and differs from every other fork', () => {
  const early = createStream('s').fork('draw');
  const parent = createStream('s');
  take(7, parent.uniform);
  expect(take(5, parent.fork('draw').normal)).toEqual(take(5, early.normal));
  const seeds = ['', '\0', '\0\0', 'a', 'b', 'aa', 'a\0', 'ab', 'draw', 'sdraw'];
  const firsts = [
    ...seeds.map((seed) => createStream(seed)),
    ...seeds.map((name) => createStream('s').fork(name)),
  ];
  expect(new Set(firsts.map((one) => one.uniform())).size).toBe(firsts.length);
});

/** The χ² statistic of draws in equal cells, minus its mean, in standard deviations. */
function unevenness(draws: number[], cells: number): number {
  const counts = new Array<number>(cells).fill(0);
  for (const u of draws) counts[Math.floor(u * cells)] = (counts[Math.floor(u * cells)] ?? 0) + 1;
  const expected = draws.length / cells;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return (chi - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}

test.each<[string, (from: RandomStream) => number]>([
  ['uniform', (from) => from.uniform()],
  ['normal', (from) => normalCdf(from.normal())],
  ['the first of many streams', (from) => createStream(`seed-${from.word()}`).uniform()],
  ['the first of many forks', (from) => from.fork(`${from.word()}`).uniform()],
])('%s draws are uniform, and successive draws are independent', (_, draw) => {
  const from = createStream('even');
  const draws = take(40_000, () => draw(from));
  expect(Math.abs(unevenness(draws, 256))).toBeLessThan(4);
  const pairs = draws.slice(1).map((u, i) => (Math.floor(16 * u) + (draws[i] as number)) / 16);
  expect(Math.abs(unevenness(pairs, 256))).toBeLessThan(4);
});
