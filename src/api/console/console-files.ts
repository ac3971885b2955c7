import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file that the build has hashed: its name changes with its content. */
interface Asset {
  type: string;
  /** In which forms it is there, beside the plain one. */
  encodings: Encoding[];
}

export const ENCODINGS = { br: '.br', gzip: '.gz' } as const;
export type Encoding = keyof typeof ENCODINGS;

/** What the build has made of the console. */
export interface ConsoleFiles {
  /** The page, with {@link NONCE_MARK} where the nonce belongs. */
  index: string;
  /** By name: nothing else is served, so that no path leads out of the folder. */
  assets: ReadonlyMap<string, Asset>;
  readAsset(name: string, encoding: Encoding | null): Promise<Buffer>;
}

/** Stands in the page for the nonce of its answer. */
export const NONCE_MARK = '__NONCE__';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads which files there are. Null if the console is not built. */
export async function openConsoleFiles(dir: string): Promise<ConsoleFiles | null> {
  try {
    const [index, names] = await Promise.all([
      readFile(path.join(dir, 'index.html'), 'utf8'),
      readdir(path.join(dir, 'assets')),
    ]);
    return { index, assets: listAssets(names), readAsset: createReader(path.join(dir, 'assets')) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function listAssets(names: readonly string[]): ReadonlyMap<string, Asset> {
  const there = new Set(names);
  return new Map(
    names.flatMap((name) => {
      const type = TYPES[path.extname(name)];
      if (type === undefined) return [];
      const encodings = (Object.keys(ENCODINGS) as Encoding[]).filter((encoding) =>
        there.has(`${name}${ENCODINGS[encoding]}`),
      );
      return [[name, { type, encodings }]];
    }),
  );
}

/** All answers with a file share one buffer, however many clients are slow to read it. */
function createReader(dir: string): ConsoleFiles['readAsset'] {
  const read = new Map<string, Promise<Buffer>>();
  return (name, encoding) => {
    const file = encoding ? `${name}${ENCODINGS[encoding]}` : name;
    const known = read.get(file);
    if (known) return known;
    const reading = readFile(path.join(dir, file));
    read.set(file, reading);
    reading.catch(() => read.delete(file));
    return reading;
  };
}
