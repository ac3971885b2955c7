import { LRUCache } from 'lru-cache';
/** Says after how many seconds to come back, or 0: go on. */
export type RateLimit = (key: string, events: number) => number;

/** Buckets kept: one that was dropped begins full again. */
const KEPT = 20_000;

/**
 * A token bucket per key, in memory. It keeps one sender from using the whole process. It holds two seconds' worth.
 * A batch that finds any token goes through, and what it took too much is paid off before the next.
 */
export function createRateLimit(perSecond: number, now: () => number = () => performance.now()): RateLimit {
  // The key that was idle for longest is dropped first.
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: KEPT });
  const size = perSecond * 2;
  return (key, events) => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: size, at };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond);
    bucket.at = at;
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens -= events;
    return 0;
  };
}
