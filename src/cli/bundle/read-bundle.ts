import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import { BundleReadError, readBundleDir } from '../../definitions/source/read-directory.ts';
import { UserError } from '../../user-error.ts';

/** Reads the bundle in a folder. @throws UserError when the folder cannot be read as a bundle. */
export async function readBundle(dir: string): Promise<BundleFile[]> {
  return readBundleDir(dir).catch((error) => {
    throw error instanceof BundleReadError ? new UserError(error.message) : error;
  });
}
