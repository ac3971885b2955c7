import { expect, test } from 'vitest';
import { BoundedCache } from '../../../src/domain/values/bounded-cache.ts';

const LIMITS = { maxEntries: 100, maxChars: 10_000, maxKeyChars: 1_000 };

test('keeps what is used, and forgets what is not', () => {
  const cache = new BoundedCache<number>(LIMITS);
  cache.set('used', 1);
  cache.set('unused', 2);
  for (let i = 0; i < 1_000; i++) {
    expect(cache.get('used')).toBe(1);
    cache.set(`other ${i}`, i);
    expect(cache.size).toBeLessThanOrEqual(LIMITS.maxEntries + 1);
  }
  expect(cache.get('unused')).toBeUndefined();
});

test('the characters of its keys are bounded, however few they are', () => {
  const cache = new BoundedCache<number>(LIMITS);
  for (let i = 0; i < 100; i++) cache.set(`${i}`.padEnd(900, 'x'), i);
  expect(cache.size * 900).toBeLessThanOrEqual(LIMITS.maxChars);
});

test('a value with too long a key is created each time and never kept', () => {
  const cache = new BoundedCache<number>(LIMITS);
  let created = 0;
  const key = 'x'.repeat(1_001);
  for (let i = 0; i < 3; i++) cache.getOrCreate(key, () => ++created);
  expect([created, cache.size]).toEqual([3, 0]);
  for (let i = 0; i < 3; i++) cache.getOrCreate('short', () => ++created);
  expect([created, cache.size]).toEqual([4, 1]);
});
