import type { Database } from '../../../db/client.ts';
import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import type { Bundle } from '../../domain/definition.ts';
import { UseCaseError } from '../use-case-error.ts';

export interface BundleReader {
  db: Database;
  bundles: BundleCache;
}

/** The active bundle of a workspace; null before the first was applied. */
export async function readActiveBundle(
  { db, bundles }: BundleReader,
  workspace: string,
): Promise<Bundle | null> {
  const version = await readConfigVersion(db.sql, workspace);
  return version > 0 ? bundles(db.sql, workspace, version) : null;
}

/** The active bundle of a workspace. @throws UseCaseError `no_bundle` before the first was applied */
export async function requireActiveBundle(deps: BundleReader, workspace: string): Promise<Bundle> {
  const bundle = await readActiveBundle(deps, workspace);
  if (bundle) return bundle;
  throw new UseCaseError('not_found', 'no_bundle', 'the workspace has no bundle yet: apply one first');
}
