import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleFile, MAX_FILE_BYTES } from './bundle-file.ts';

const BUNDLE_FILE = /\.(ya?ml|liquid|txt|mjml)$/;
const MAX_FILES = 2_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** The directory can't be read as a bundle. The message is shown to the user. */
export class BundleReadError extends Error {
  override readonly name = 'BundleReadError';
}

/**
 * Reads a bundle's definitions and content, sorted by path. Hidden files, `node_modules` and symbolic links are
 * skipped: a bundle contains nothing from outside its directory.
 * @throws BundleReadError
 */
export async function readBundleDir(dir: string): Promise<BundleFile[]> {
  const directory = await stat(dir).catch(() => undefined);
  if (!directory) throw new BundleReadError(`${dir} does not exist`);
  if (!directory.isDirectory()) throw new BundleReadError(`${dir} is not a directory`);
  const paths = (await listFiles(dir, '')).sort((a, b) => (a < b ? -1 : 1));
  if (paths.length > MAX_FILES)
    throw new BundleReadError(`${dir} has ${paths.length} files; at most ${MAX_FILES} are allowed`);
  const files: BundleFile[] = [];
  let bytes = 0;
  for (const path of paths) {
    const { size } = await stat(join(dir, path));
    bytes += size;
    if (size > MAX_FILE_BYTES)
      throw new BundleReadError(`${path} has ${size} bytes; at most ${MAX_FILE_BYTES} are allowed`);
    if (bytes > MAX_BYTES) throw new BundleReadError(`${dir} has more than ${MAX_BYTES} bytes`);
    files.push({ path, text: await readFile(join(dir, path), 'utf8') });
  }
  return files;
}

async function listFiles(dir: string, parent: string): Promise<string[]> {
  const entries = await readdir(join(dir, parent), { withFileTypes: true });
  const nested = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map((entry) => {
        const path = parent === '' ? entry.name : `${parent}/${entry.name}`;
        if (entry.isDirectory()) return listFiles(dir, path);
        return entry.isFile() && BUNDLE_FILE.test(entry.name) ? [path] : [];
      }),
  );
  return nested.flat();
}
