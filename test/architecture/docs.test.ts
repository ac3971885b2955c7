import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED } from '../../docs/generate/pages.ts';
import { ROOT } from '../support/paths.ts';

/** Hand-written and generated pages. The schema and the API document are JSON for tools. */
function listPages(): string[] {
  const below = ['docs', 'src', 'db', 'bench', 'test', 'examples', 'deploy'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file}`),
  );
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...below];
}

/** The anchor that GitHub gives a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');
}

function anchorsIn(page: string): string[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8').replace(/^```.*?^```/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map((heading) => toAnchor(heading[1] as string));
}

test.each(GENERATED)('$page is what `npm run docs` writes', async ({ page, render }) => {
  expect(readFileSync(path.join(ROOT, page), 'utf8')).toBe(await render());
});

test.each(listPages())('%s has no line of more than 120 characters', (page) => {
  const lines = readFileSync(path.join(ROOT, page), 'utf8').split('\n');
  expect(lines.filter((line) => [...line].length > 120)).toEqual([]);
});

test.each(listPages())('%s links to files and headings that exist', (page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] as string)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsIn(target).includes(anchor);
    });
  expect(broken).toEqual([]);
});

test.each(listPages())('%s names only source files that exist', (page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const paths = [...text.matchAll(/`((?:src|db|test|bench|docs)\/[\w./-]+\.(?:test\.)?(?:ts|md|json))`/g)];
  expect(
    paths.map((match) => match[1] as string).filter((file) => !existsSync(path.join(ROOT, file))),
  ).toEqual([]);
});

test('every folder of src, and db, has a page', () => {
  const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `src/${entry.name}`);
  expect([...folders, 'db'].filter((folder) => !existsSync(path.join(ROOT, folder, 'README.md')))).toEqual(
    [],
  );
});
