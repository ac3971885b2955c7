import type { Tx } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Enrollment } from '../../domain/state.ts';

/** The older versions that pinned enrollments keep until they end, by version. */
export async function loadPinnedBundles(
  tx: Tx,
  bundles: BundleCache,
  workspace: string,
  enrollments: Enrollment[],
  active: number,
): Promise<ReadonlyMap<number, Bundle>> {
  const versions = new Set(
    enrollments.filter(({ pinned, version }) => pinned && version !== active).map(({ version }) => version),
  );
  const loaded = new Map<number, Bundle>();
  for (const version of versions) loaded.set(version, await bundles(tx, workspace, version));
  return loaded;
}
