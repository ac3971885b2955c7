import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { buildProduct, PRODUCT_WORKFLOWS } from '../support/product.ts';

const DIST = path.join(ROOT, 'dist');

let files: string[] = [];
beforeAll(() => {
  buildProduct();
  files = readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(DIST, path.join(entry.parentPath, entry.name)));
});

const read = (file: string) => readFileSync(path.join(DIST, file), 'utf8');
const withoutComments = (text: string) => text.replaceAll(/\/\*.*?\*\//gs, '');
const readCode = () =>
  files.filter((file) => /\.[mc]?js$/.test(file)).map((file) => ({ file, text: read(file) }));

test('the build has no TypeScript, no source maps and no loader', () => {
  expect(files.filter((file) => /(?<!\.d)\.ts$|\.map$|source-thread-entry/.test(file))).toEqual([]);
  const workflows = path.relative(DIST, path.join(ROOT, PRODUCT_WORKFLOWS));
  const code = readCode().filter(({ file }) => file !== workflows);
  expect(code.length).toBeGreaterThan(500);
  expect(code.filter(({ text }) => /sourceMappingURL|from '(tsx|esbuild)/.test(text))).toEqual([]);
});

test('the build has no tools that change the sources: importing one would change the build itself', () => {
  const tools = readCode().filter(({ text }) => /drizzle-kit|UPDATE_SCHEMA/.test(text));
  expect(tools.map(({ file }) => file)).toEqual([]);
  expect(files).toContain(path.join('db', 'migrations', '0000_schema.sql'));
});

test('every file that the build names beside its code exists', () => {
  const named = readCode().flatMap(({ file, text }) =>
    [...withoutComments(text).matchAll(/(?:new URL\(|resolve\(|import\(|from )'(\.[^'$]+\.\w+)'/g)].map(
      (match) => path.join(path.dirname(file), (match[1] as string).replace(/\.ts$/, '.js')),
    ),
  );
  expect(named.length).toBeGreaterThan(1_000);
  const missing = new Set(named.filter((file) => !existsSync(path.join(DIST, file))));
  // The entry of threads that run sources.
  expect([...missing]).toEqual([path.join('src', 'limits', 'source-thread-entry.mjs')]);
});

test('types name only files that exist', () => {
  const types = files.filter((file) => file.endsWith('.d.ts'));
  expect(types).toContain('src/testing/index.d.ts');
  const named = types.flatMap((file) =>
    [...read(file).matchAll(/(?:from |import\()["'](\.[^"']+)\.js["']/g)].map((match) =>
      path.join(path.dirname(file), `${match[1]}.d.ts`),
    ),
  );
  expect(named.filter((file) => !types.includes(file))).toEqual([]);
});

test('the workflow bundle names no file of the machine that built it', () => {
  const text = readFileSync(path.join(ROOT, PRODUCT_WORKFLOWS), 'utf8');
  const map = Buffer.from(text.slice(text.lastIndexOf('base64,') + 7), 'base64').toString();
  expect(JSON.parse(map).sources).toContain('src/workflows/customer-journey.ts');
  expect(map.includes(ROOT)).toBe(false);
  expect(text.includes(ROOT)).toBe(false);
});
