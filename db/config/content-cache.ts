import { LRUCache } from 'lru-cache';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import type { Tx } from '../client.ts';

/**
 * The files of a bundle by path. An MJML file is returned as the HTML that it was compiled to when the bundle was
 * applied.
 */
export type ContentCache = (tx: Tx, workspace: string, version: number) => Promise<Map<string, string>>;

/** Caches content files, which are immutable by the bundle's version. */
export function createContentCache(maxEntries = 10): ContentCache {
  const cache = new LRUCache<string, Map<string, string>>({ max: maxEntries });
  return async (tx, workspace, version) => {
    const key = `${workspace}@${version}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const [row] = await tx`select files from bundles where workspace = ${workspace} and version = ${version}`;
    if (!row) throw new Error(`workspace ${workspace} has no bundle ${version}`);
    const files = new Map(
      (row.files as BundleFile[]).map(({ path, text, compiled }) => [path, compiled ?? text]),
    );
    cache.set(key, files);
    return files;
  };
}
