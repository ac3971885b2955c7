// Which files the parts of the build are made of, and whether they are up to date. Node only, because it must run in a
// fresh clone.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const DIST = path.join(ROOT, 'dist');
/** What a part was made of. It is part of the package. */
export const NOTE = 'build.json';

/** What the service and the console are made of, and where in `dist` they are. */
const PARTS = {
  service: {
    folders: ['src', 'db', 'scripts'],
    files: ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'],
    dist: '.',
  },
  console: {
    // It bundles the domain's vocabulary and the sentences.
    folders: ['console', path.join('src', 'domain'), path.join('src', 'sentences')],
    files: ['package-lock.json', 'openapi.json', path.join('scripts', 'build-console.mjs')],
    dist: 'console',
  },
};
/** What is installed or made, and what is no code. */
const NO_SOURCE = /^node_modules$|^schema\.d\.ts$|\.md$/;

/** Sizes and times of the files when their content was last read, so that it need not be read again. */
const seenFile = (part) => path.join(ROOT, 'node_modules', `.throughline-build-${part}.json`);

/** Where in `dist`, or in a folder in its place, a part is. */
export const placeOf = (part, dist = DIST) => path.join(dist, PARTS[part].dist);

function listBelow(folder) {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !NO_SOURCE.test(name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? listBelow(file) : file;
    });
}

const listSources = ({ folders, files }) => [...files, ...folders.flatMap(listBelow)].sort();

function hash(lines) {
  const sum = createHash('sha256');
  for (const line of lines) sum.update(line).update('\0');
  return sum.digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** The hash of everything that a part is made of. It reads the files only if one has another size or time than before. */
export function hashSources(part) {
  const files = listSources(PARTS[part]);
  const times = hash(
    files.map((file) => {
      const { size, mtimeMs } = statSync(path.join(ROOT, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
  const seen = readJson(seenFile(part));
  if (seen.times === times && typeof seen.content === 'string') return seen.content;
  const content = hash(files.flatMap((file) => [file, readFileSync(path.join(ROOT, file))]));
  try {
    writeFileSync(seenFile(part), JSON.stringify({ times, content }));
  } catch {
    // A read-only checkout: the files are read each time.
  }
  return content;
}

/** Whether a part of `dist` was made of these sources. */
export function isBuilt(part, sources = hashSources(part)) {
  return readJson(path.join(placeOf(part), NOTE)).sources === sources;
}
