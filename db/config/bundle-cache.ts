import { LRUCache } from 'lru-cache';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

/** Upgrades a bundle that an earlier build stored to the form of this build. */
export type UpgradeBundle = (stored: Bundle, files: BundleFile[]) => Bundle;

export type BundleCache = (tx: Tx, workspace: string, version: number) => Promise<Bundle>;

/** Caches bundles, which are immutable by version. */
export function createBundleCache(read: UpgradeBundle, maxEntries = 20): BundleCache {
  const cache = new LRUCache<string, Bundle>({ max: maxEntries });
  return async (tx, workspace, version) => {
    const key = `${workspace}@${version}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const [row] =
      await tx`select compiled, files from bundles where workspace = ${workspace} and version = ${version}`;
    if (!row) throw new Error(`workspace ${workspace} has no bundle ${version}: apply one first`);
    const bundle = read(row.compiled as Bundle, row.files as BundleFile[]);
    cache.set(key, bundle);
    return bundle;
  };
}
