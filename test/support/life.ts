import { compileBundle } from '../../src/definitions/compile/bundle.ts';
import { readBundleDir } from '../../src/definitions/source/read-directory.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../src/domain/definition.ts';
import type { BundleFile } from './bundles.ts';
import { AROMA } from './paths.ts';

export { type EventInput, Life } from '../../src/testing/life.ts';

/** The example bundle, compiled, as changed by `change`. */
export async function compileAroma(
  change: (files: BundleFile[]) => BundleFile[] = (f) => f,
): Promise<Bundle> {
  const compiled = compileBundle(change(await readBundleDir(AROMA)), null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return { ...compiled.bundle, format: BUNDLE_FORMAT, version: 1 };
}
