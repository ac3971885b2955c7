import { expect, test } from 'vitest';
import { FairQueue } from '../../src/limits/fair-queue.ts';

test('owners take turns, and the items of each keep their order', () => {
  const queue = new FairQueue<number>();
  for (const n of [1, 2, 3]) queue.push('greedy', n);
  queue.push('other', 10);
  expect([queue.size, queue.sizeOf('greedy'), queue.sizeOf('nobody')]).toEqual([4, 3, 0]);
  const taken = Array.from({ length: 5 }, () => queue.take(() => true)?.item);
  expect(taken).toEqual([1, 10, 2, 3, undefined]);
});

test('an owner who may not be served now is left out', () => {
  const queue = new FairQueue<number>();
  queue.push('busy', 1);
  queue.push('other', 2);
  expect(queue.take((owner) => owner !== 'busy')).toEqual({ owner: 'other', item: 2 });
  expect(queue.take((owner) => owner !== 'busy')).toBeUndefined();
  expect(queue.drain()).toEqual([1]);
  expect(queue.size).toBe(0);
});
