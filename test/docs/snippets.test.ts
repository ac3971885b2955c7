import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/testing.md', 'docs/operations.md'];
const read = (page: string) => readFileSync(path.join(ROOT, page), 'utf8');

/** Imports of this repository in the examples of a page, each with the names that it imports. */
function listImports(page: string): [file: string, names: string[]][] {
  return [...read(page).matchAll(/import (?:type )?\{ ([^}]+) \} from '(\.[^']+)'/g)].map((match) => [
    path.join(
      ROOT,
      (match[2] as string).replace(/^(\.\.?\/)+(support\/)?/, (_, _dots, support) =>
        support ? 'test/support/' : '',
      ),
    ),
    (match[1] as string).split(',').map((name) => name.trim()),
  ]);
}

test.each(PAGES)('the examples of %s import what exists', async (page) => {
  for (const [file, names] of listImports(page)) {
    const exported = Object.keys(await import(file));
    for (const name of names) expect([file, exported]).toEqual([file, expect.arrayContaining([name])]);
  }
});

test.each(PAGES)('the examples of %s read files that exist', (page) => {
  const named = [...read(page).matchAll(/['"`]((?:test|examples|docs|src)\/[\w./-]+\.\w+)['"`]/g)];
  expect(
    named.map((match) => match[1] as string).filter((file) => !existsSync(path.join(ROOT, file))),
  ).toEqual([]);
});

test.each(PAGES)('%s names only scripts that exist', (page) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read(page).matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] as string);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
