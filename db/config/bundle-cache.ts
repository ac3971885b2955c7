import { LRUCache } from 'lru-cache';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

/** Upgrades a bundle that an earlier build stored to the form of this build. */
export type UpgradeBundle = (
  workspace: string,
  stored: Bundle,
  files: BundleFile[],
) => Bundle | Promise<Bundle>;

export type BundleCache = (tx: Tx, workspace: string, version: number) => Promise<Bundle>;

/** A bundle can't be read by this build, or not yet. Other workspaces' can. */
export class BundleUnavailable extends Error {}

export interface BundleCacheLimits {
  maxEntries?: number;
  /** Milliseconds that a caller waits for an upgrade, which goes on. Transactions of several workspaces wait for it. */
  waitMs?: number;
  /** Milliseconds for which a bundle that could not be upgraded is not tried again. */
  refusedMs?: number;
}

/** Caches bundles, which are immutable by version. */
export function createBundleCache(
  upgrade: UpgradeBundle,
  { maxEntries = 20, waitMs = 3_000, refusedMs = 60_000 }: BundleCacheLimits = {},
): BundleCache {
  const cache = new LRUCache<string, Bundle>({ max: maxEntries });
  const upgrades = new Map<string, Promise<Bundle>>();
  return async (tx, workspace, version) => {
    const key = `${workspace}@${version}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const begun = upgrades.get(key);
    if (begun) return waitFor(begun, waitMs, key);
    const [row] =
      await tx`select compiled, files from bundles where workspace = ${workspace} and version = ${version}`;
    if (!row) throw new Error(`workspace ${workspace} has no bundle ${version}: apply one first`);
    const other = upgrades.get(key);
    if (other) return waitFor(other, waitMs, key);
    const read = upgrade(workspace, row.compiled as Bundle, row.files as BundleFile[]);
    if (!(read instanceof Promise)) {
      cache.set(key, read);
      return read;
    }
    const upgraded = read.then(
      (bundle) => {
        cache.set(key, bundle);
        upgrades.delete(key);
        return bundle;
      },
      (error) => {
        setTimeout(() => upgrades.delete(key), refusedMs).unref();
        throw new BundleUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
      },
    );
    upgraded.catch(() => {});
    upgrades.set(key, upgraded);
    return waitFor(upgraded, waitMs, key);
  };
}

async function waitFor(bundle: Promise<Bundle>, ms: number, key: string): Promise<Bundle> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BundleUnavailable(`${key} is being compiled by this build`)), ms);
  });
  return Promise.race([bundle, late]).finally(() => clearTimeout(timer));
}
