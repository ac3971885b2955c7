import type { Tx } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Enrollment } from '../../domain/state.ts';

/** The older versions that these enrollments end under, whatever was edited since. */
export async function loadPinnedBundles(
  tx: Tx,
  bundles: BundleCache,
  workspace: string,
  enrollments: Enrollment[],
  active: number,
): Promise<ReadonlyMap<number, Bundle>> {
  const versions = new Set(enrollments.filter((e) => e.pinned && e.version !== active).map((e) => e.version));
  const pinned = new Map<number, Bundle>();
  for (const version of versions) pinned.set(version, await bundles(tx, workspace, version));
  return pinned;
}
