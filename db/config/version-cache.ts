import type { Tx } from '../client.ts';

/** Reads something of a workspace that is immutable by version; null for no version. */
export type VersionCache<Value> = (
  tx: Tx,
  workspace: string,
  version: number | null,
) => Promise<Value | null>;

/** A process reads each version once, and keeps the newest few. */
export function createVersionCache<Value>(
  read: (tx: Tx, workspace: string, version: number) => Promise<Value | null>,
  kept = 60,
): VersionCache<Value> {
  const cache = new Map<string, Value | null>();
  return async (tx, workspace, version) => {
    if (version === null) return null;
    const key = `${workspace}@${version}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const value = await read(tx, workspace, version);
    cache.set(key, value);
    const oldest = cache.keys().next().value;
    if (cache.size > kept && oldest !== undefined) cache.delete(oldest);
    return value;
  };
}
