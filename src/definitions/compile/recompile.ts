import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import { compileBundle } from './bundle.ts';

/**
 * A stored bundle in the form that this build reads. One that another build has compiled is compiled again from its
 * files; since when each journey takes events and where its customers were moved stay as they were. @throws Error when this build refuses the files.
 */
export function recompileBundle(stored: Bundle, files: BundleFile[]): Bundle {
  if (stored.format === BUNDLE_FORMAT) return stored;
  const compiled = compileBundle(files, stored, 0);
  if (!compiled.ok) {
    const [first] = compiled.errors;
    throw new Error(
      `bundle ${stored.version} can't be read by this build: ${first?.file}: ${first?.path}: ${first?.message}`,
    );
  }
  return { ...compiled.bundle, version: stored.version, format: BUNDLE_FORMAT };
}
