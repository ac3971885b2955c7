import { LRUCache } from 'lru-cache';
import type { Tx } from '../client.ts';

/** Reads a value of a workspace that is immutable by version; null for version null. */
export type VersionCache<Value> = (
  tx: Tx,
  workspace: string,
  version: number | null,
) => Promise<Value | null>;

/** Caches values that are immutable by version, such as models and fits. */
export function createVersionCache<Value>(
  read: (tx: Tx, workspace: string, version: number) => Promise<Value | null>,
  maxEntries = 60,
): VersionCache<Value> {
  const cache = new LRUCache<string, { value: Value | null }>({ max: maxEntries });
  return async (tx, workspace, version) => {
    if (version === null) return null;
    const key = `${workspace}@${version}`;
    const cached = cache.get(key);
    if (cached) return cached.value;
    const value = await read(tx, workspace, version);
    cache.set(key, { value });
    return value;
  };
}
