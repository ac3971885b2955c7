import { LRUCache } from 'lru-cache';
import { cmsOrigin } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';
import type { BundleCache } from '../config/bundle-cache.ts';
import type { ContentCache } from '../config/content-cache.ts';
import { type CmsCopy, readCopies } from './read-copies.ts';

/** What of a CMS a message was made of. */
export interface CmsVersion {
  source: string;
  entry: string;
  version: string | null;
  fetchedAt: number | null;
}

/** For so long a process may use a copy that another one has replaced. */
const FRESH_MS = 2_000;

interface Copies {
  readAt: number;
  /** By file and origin. */
  byKey: Map<string, CmsCopy>;
}

const versionsOf = new WeakMap<ReadonlyMap<string, string>, Map<string, CmsVersion>>();

/** The version of a content file that comes from a CMS; null for one of the bundle. */
export function readCmsVersion(files: ReadonlyMap<string, string>, path: string): CmsVersion | null {
  return versionsOf.get(files)?.get(path) ?? null;
}

/**
 * The files of a bundle, with the last good copies in place of those that a CMS has. Where there is no copy, the file
 * of the bundle is used. No message waits for a CMS: the copies are in the database.
 */
export function withCmsCopies(content: ContentCache, bundles: BundleCache): ContentCache {
  const copiesOf = new LRUCache<string, Copies>({ max: 100 });
  const overlaid = new LRUCache<string, { copies: Copies; files: Map<string, string> }>({ max: 20 });

  async function loadCopies(tx: Tx, workspace: string): Promise<Copies> {
    const known = copiesOf.get(workspace);
    if (known && Date.now() < known.readAt + FRESH_MS) return known;
    const rows = await readCopies(tx, workspace);
    const byKey = new Map(rows.map((row) => [`${row.file} ${row.origin}`, row]));
    const isSame = known && rows.length === known.byKey.size && rows.every((row) => isKnown(known, row));
    const copies = isSame ? { ...known, readAt: Date.now() } : { readAt: Date.now(), byKey };
    copiesOf.set(workspace, copies);
    return copies;
  }

  return async (tx, workspace, version) => {
    const files = await content(tx, workspace, version);
    const { cms } = await bundles(tx, workspace, version);
    if (!cms) return files;
    const copies = await loadCopies(tx, workspace);
    const key = `${workspace}@${version}`;
    const cached = overlaid.get(key);
    if (cached && cached.copies.byKey === copies.byKey) return cached.files;
    const all = new Map(files);
    const versions = new Map<string, CmsVersion>();
    for (const entry of cms) {
      const copy = copies.byKey.get(`${entry.file} ${cmsOrigin(entry)}`);
      if (copy?.text == null) continue;
      all.set(entry.file, copy.text);
      const { source, version: ofCms, fetchedAt } = copy;
      versions.set(entry.file, { source, entry: copy.entry, version: ofCms, fetchedAt });
    }
    versionsOf.set(all, versions);
    overlaid.set(key, { copies, files: all });
    return all;
  };
}

function isKnown({ byKey }: Copies, { file, origin, text, version }: CmsCopy): boolean {
  const known = byKey.get(`${file} ${origin}`);
  return known !== undefined && known.text === text && known.version === version;
}
