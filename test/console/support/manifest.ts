import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../support/paths.ts';

const DIR = path.join(ROOT, 'dist', 'console');
const ENTRY = 'index.html';

/** What Vite writes about a file that it has made. */
interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}

/** What a page loads, in bytes after gzip. */
export interface RouteSize {
  /** The file of the page: `pages/start/start-page.tsx`. */
  page: string;
  bytes: number;
}

/** What each route of the built console loads: the shell, its page, and all that these import, at once or later. */
export function measureRoutes(): RouteSize[] {
  const manifest = JSON.parse(readFileSync(path.join(DIR, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
  const sizes = new Map<string, number>();
  const sizeOf = (file: string) => {
    const size = sizes.get(file) ?? gzipSync(readFileSync(path.join(DIR, file)), { level: 9 }).length;
    sizes.set(file, size);
    return size;
  };
  const shell = reach(manifest, [ENTRY], ({ imports = [] }) => imports);
  return (manifest[ENTRY]?.dynamicImports ?? []).map((page) => {
    const own = reach(manifest, [page], ({ imports = [], dynamicImports = [] }, key) =>
      // The shell names every page; a page loads what it names.
      key === ENTRY ? imports : [...imports, ...dynamicImports],
    );
    const files = new Set([...shell, ...own].flatMap((key) => listFiles(manifest[key])));
    const bytes = [...files].reduce((sum, file) => sum + sizeOf(file), 0);
    return { page: page.replace(/^src\//, ''), bytes };
  });
}

const listFiles = (chunk: Chunk | undefined) => (chunk ? [chunk.file, ...(chunk.css ?? [])] : []);

/** The keys that are reached from some, through what `next` names. */
function reach(
  manifest: Record<string, Chunk>,
  from: string[],
  next: (chunk: Chunk, key: string) => string[],
): Set<string> {
  const reached = new Set<string>();
  for (const open = [...from]; open.length > 0; ) {
    const key = open.pop() as string;
    const chunk = manifest[key];
    if (!chunk || reached.has(key)) continue;
    reached.add(key);
    open.push(...next(chunk, key));
  }
  return reached;
}
