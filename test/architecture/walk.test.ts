import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { buildImportGraph, reachableFrom } from './import-graph.ts';

/** A row of the walk in docs/design.md: the file, and how an event reaches it. */
interface WalkRow {
  file: string;
  reachedBy: string;
}

/** Where an event leaves one process and another finds it: no import, but a row in Postgres. */
const ROW = 'row in `wakes`';
/** Where a caller has an object and not a file: both import the file of the interface. */
const INTERFACES: Record<string, string> = { '`Channel`': 'src/channels/channel.ts' };
/** Results of decisions and deliveries go back into the log here, so later rows may import it. */
const INTAKE = 'src/app/intake/';

/** Reads the table below "The walk of an event". A row is `| 1 | `src/a.ts` | reached by | what happens |`. */
function readWalk(): WalkRow[] {
  const text = readFileSync(path.join(ROOT, 'docs/design.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith('The walk of an event')) ?? '';
  return [...section.matchAll(/^\| \d+ \| `([^`]+)` \| ([^|]+?) \|/gm)].map((row) => ({
    file: row[1] as string,
    reachedBy: row[2] as string,
  }));
}

const walk = readWalk();
const graph = buildImportGraph(['src', 'db']);
const imports = (from: string, to: string) => reachableFrom(graph, from).has(to);

/** Whether the table's claim about a row is true. */
function isReached({ file, reachedBy }: WalkRow, index: number): boolean {
  if (reachedBy === ROW) return file.startsWith('src/relay/');
  const shared = INTERFACES[reachedBy];
  if (shared) return walk.slice(0, index).some((row) => imports(row.file, shared)) && imports(file, shared);
  const number = Number(/^import by (\d+)$/.exec(reachedBy)?.[1]);
  const importer = walk[number - 1];
  return importer !== undefined && number <= index && imports(importer.file, file);
}

test('the walk of an event names at most fifteen files, each once, and all exist', () => {
  const files = walk.map(({ file }) => file);
  expect(files.length).toBeGreaterThan(9);
  expect(files.length).toBeLessThanOrEqual(15);
  expect(new Set(files).size).toBe(files.length);
  expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('each file of the walk is reached as the table states, by an import from above or by a named seam', () => {
  expect(walk.slice(1).filter((row, index) => !isReached(row, index + 1))).toEqual([]);
  expect(walk.filter(({ reachedBy }) => reachedBy === ROW)).toHaveLength(1);
  expect(walk.filter(({ reachedBy }) => reachedBy in INTERFACES)).toHaveLength(1);
});

test('no file of the walk imports a file above it, except intake, into which results go back', () => {
  const backwards = walk.flatMap(({ file }, index) =>
    walk
      .slice(0, index)
      .filter((above) => imports(file, above.file))
      .filter((above) => file.startsWith(INTAKE) || !above.file.startsWith(INTAKE))
      .map((above) => `${file} imports ${above.file}`),
  );
  expect(backwards).toEqual([]);
});
