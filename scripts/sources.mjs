// Which files the build is made of, and whether it is up to date. Node only, because it must run in a fresh clone.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const DIST = path.join(ROOT, 'dist');
/** What a build was made of. It is part of the package. */
export const NOTE = 'build.json';

const FOLDERS = ['src', 'db', 'scripts'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
/** Sizes and times of the files when their content was last read, so that it need not be read again. */
const SEEN = path.join(ROOT, 'node_modules', '.throughline-build.json');

function listSources() {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name))),
  );
  return [...FILES, ...below].sort();
}

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

/** The hash of everything that the build is made of. It reads the files only if one has another size or time than before. */
export function hashSources() {
  const files = listSources();
  const times = hash(
    files.map((file) => {
      const { size, mtimeMs } = statSync(path.join(ROOT, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
  const seen = readJson(SEEN);
  if (seen.times === times && typeof seen.content === 'string') return seen.content;
  const content = hash(files.flatMap((file) => [file, readFileSync(path.join(ROOT, file))]));
  try {
    writeFileSync(SEEN, JSON.stringify({ times, content }));
  } catch {
    // A read-only checkout: the files are read each time.
  }
  return content;
}

/** Whether `dist` was made of these sources. */
export function isBuilt(sources = hashSources()) {
  return readJson(path.join(DIST, NOTE)).sources === sources;
}
