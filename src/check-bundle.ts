import { compileFiles } from './app/config/compiler/compile-files.ts';
import type { Problem } from './definitions/source/problem.ts';
import { readBundleDir } from './definitions/source/read-directory.ts';
import { BUNDLE_FORMAT, type Bundle } from './domain/definition.ts';

/** What is wrong in a bundle, and what is most likely not meant. `bundle`: compiled, if there are no errors. */
export interface BundleCheck {
  bundle: Bundle | null;
  errors: Problem[];
  warnings: Problem[];
}

/**
 * Reads and compiles the bundle in a folder, as `throughline apply` does, without a server.
 * @throws BundleReadError if the folder can't be read
 */
export async function checkBundle(dir: string): Promise<BundleCheck> {
  const files = await readBundleDir(dir);
  const compiled = await compileFiles({ files, previous: null, at: 0, received: null }, () => {});
  if (!compiled.ok) return { bundle: null, errors: compiled.errors, warnings: compiled.warnings };
  const bundle = { ...compiled.bundle, format: BUNDLE_FORMAT, version: 1 };
  return { bundle, errors: [], warnings: compiled.warnings };
}
