import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The file of the sources' secrets of this checkout, for `SOURCES_FILE`. It is empty at first. */
export function createSourcesFile(dir: string): string {
  const file = path.resolve(dir, 'sources.json');
  if (existsSync(file)) return file;
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, '{}\n', { mode: 0o600 });
  return file;
}
