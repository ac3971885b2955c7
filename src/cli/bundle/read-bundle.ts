import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import { BundleReadError, readBundleDir } from '../../definitions/source/read-directory.ts';
import { UserError } from '../../user-error.ts';

/** Reads a folder's bundle. @throws UserError when it isn't one. */
export async function readBundle(dir: string): Promise<BundleFile[]> {
  return readBundleDir(dir).catch((error) => {
    throw error instanceof BundleReadError ? new UserError(error.message) : error;
  });
}
