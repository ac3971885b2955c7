import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { OnFile } from '../source/read-sources.ts';
import { compileBundle } from './bundle.ts';

/**
 * Converts a stored bundle to the format of this build. A bundle of another format is compiled again from its files.
 * Since when each journey accepts events and where customers of removed steps moved stay the same.
 * @throws Error if this build refuses the files
 */
export function recompileBundle(stored: Bundle, files: readonly BundleFile[], onFile?: OnFile): Bundle {
  if (stored.format === BUNDLE_FORMAT) return stored;
  const compiled = compileBundle(files, stored, 0, onFile);
  if (!compiled.ok) {
    const [first] = compiled.errors;
    throw new Error(
      `bundle ${stored.version} can't be read by this build: ${first?.file}: ${first?.path}: ${first?.message}`,
    );
  }
  return { ...compiled.bundle, version: stored.version, format: BUNDLE_FORMAT };
}
