import { LRUCache } from 'lru-cache';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

/** Brings a stored bundle to the form that this build reads. */
export type UpgradeBundle = (stored: Bundle, files: BundleFile[]) => Bundle;

export type BundleCache = (tx: Tx, workspace: string, version: number) => Promise<Bundle>;

/** Bundles are immutable by version, so a process reads each once. Keeps the newest few per process. */
export function createBundleCache(read: UpgradeBundle, kept = 20): BundleCache {
  const cache = new LRUCache<string, Bundle>({ max: kept });
  return async (tx, workspace, version) => {
    const key = `${workspace}@${version}`;
    const known = cache.get(key);
    if (known) return known;
    const [row] =
      await tx`select compiled, files from bundles where workspace = ${workspace} and version = ${version}`;
    if (!row) throw new Error(`workspace ${workspace} has no bundle ${version}: apply one first`);
    const bundle = read(row.compiled as Bundle, row.files as BundleFile[]);
    cache.set(key, bundle);
    return bundle;
  };
}
