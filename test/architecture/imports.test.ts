import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';
import { type Import, listFiles, readImports, resolveImport } from './import-graph.ts';

interface ImportRule {
  /** Folders (or files) that the code may import. */
  folders: string[];
  /** Folders of which it may import types only, which leave nothing behind when the code runs. */
  types?: string[];
  packages?: string[] | 'any';
  /** Node's own modules. */
  node?: boolean;
}

const PURE = ['src/domain', 'src/maths'];

/** What each folder may import. Data flows one way, and so do imports: from the domain outwards. */
const RULES: Record<string, ImportRule> = {
  'src/domain': { folders: [], packages: ['libphonenumber-js', 'sms-segments-calculator', 'tr46'] },
  'src/maths': { folders: [] },
  'src/tracing': { folders: [], packages: 'any' },
  'src/metrics': { folders: [], packages: ['prom-client'] },
  // A console bundles it for browsers.
  'src/sentences': { folders: ['src/domain'] },
  'src/learning': { folders: PURE },
  'src/limits': { folders: ['src/domain', 'src/compiled.ts'], node: true },
  'src/statistics': { folders: PURE },
  'src/engine': { folders: [...PURE, 'src/learning', 'src/statistics'] },
  'src/content': {
    folders: ['src/domain', 'src/limits'],
    packages: ['fastest-levenshtein', 'html-to-text', 'htmlparser2', 'liquidjs', 'mjml', 'yaml', 'zod'],
    node: true,
  },
  'src/definitions': {
    folders: ['src/domain', 'src/content', 'src/sources/webhooks'],
    packages: 'any',
    node: true,
  },
  db: {
    folders: ['src/domain', 'src/learning'],
    types: ['src/definitions', 'src/engine', 'src/statistics'],
    packages: ['drizzle-orm', 'lru-cache', 'postgres', 'uuidv7'],
    node: true,
  },
  'src/app': {
    folders: [
      ...PURE,
      'src/learning',
      'src/statistics',
      'src/engine',
      'src/content',
      'src/definitions',
      'src/limits',
      'src/tracing',
      'src/sentences',
      'db',
    ],
    types: ['src/channels'],
    packages: ['lru-cache', 'moment-timezone', 'uuidv7'],
    node: true,
  },
  'src/outbound': { folders: [], packages: ['ipaddr.js'], node: true },
  'src/content-sources': { folders: ['src/domain', 'src/outbound'], packages: ['zod'] },
  'src/channels': { folders: ['src/domain', 'src/outbound', 'src/tracing'], packages: 'any', node: true },
  'src/sources': {
    folders: ['src/domain', 'src/app'],
    types: ['db'],
    packages: ['postal-mime', 'uuidv7', 'zod'],
    node: true,
  },
  // Definitions ask it for the kinds: a source of an unknown kind is an error of the bundle.
  'src/sources/webhooks': {
    folders: ['src/domain', 'src/sources/parse-json.ts', 'src/sources/read-call-fields.ts'],
    packages: ['postal-mime'],
    node: true,
  },
  'src/activities': {
    folders: ['src/domain', 'src/app'],
    packages: ['@temporalio/activity'],
  },
  'src/workflows': {
    folders: ['src/domain'],
    types: ['src/activities'],
    packages: ['@temporalio/workflow'],
  },
  'src/temporal': {
    folders: ['src/workflows', 'src/compiled.ts'],
    types: ['src/activities', 'src/channels', 'src/domain'],
    packages: 'any',
    node: true,
  },
  'src/relay': {
    folders: ['src/domain', 'src/app', 'src/temporal', 'src/tracing', 'db'],
    types: ['src/metrics', 'src/workflows'],
    packages: ['pino'],
    node: true,
  },
  'src/api': {
    folders: [
      'src/domain',
      'src/learning',
      'src/statistics',
      'src/engine',
      'src/content',
      'src/definitions',
      'src/limits',
      'src/sentences',
      'src/app',
      'src/compiled.ts',
      'src/sources',
      'src/doctor',
      'src/tracing',
      'db',
    ],
    types: ['src/metrics', 'src/temporal', 'src/workflows'],
    packages: 'any',
    node: true,
  },
  'src/testing': {
    folders: [
      ...PURE,
      'src/app',
      'src/definitions',
      'src/engine',
      'src/learning',
      'src/temporal',
      'src/workflows',
    ],
    packages: 'any',
    node: true,
  },
  'src/doctor': { folders: [], types: ['db', 'src/temporal'] },
  'src/dev': { folders: ['src/compiled.ts', 'src/user-error.ts'], packages: 'any', node: true },
};

/** Folders that compose all others. */
const COMPOSITION = ['src/cli', 'src/service'];

/** Why a folder's file may not have an import, or null if it may. */
function findBreach(folder: string, file: string, { target, typeOnly }: Import): string | null {
  const rule = RULES[folder] as ImportRule;
  const breach = `${file} imports ${target}`;
  if (target.startsWith('node:')) return rule.node ? null : breach;
  if (!target.startsWith('.')) {
    const name = target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/');
    return rule.packages === 'any' || rule.packages?.includes(name) ? null : breach;
  }
  const resolved = resolveImport(file, target);
  const isBelow = (other: string) => resolved === other || resolved.startsWith(`${other}/`);
  if ([folder, ...rule.folders].some(isBelow)) return null;
  return typeOnly && rule.types?.some(isBelow) ? null : breach;
}

test.each(Object.keys(RULES))('%s imports only what its rule allows', (folder) => {
  const files = listFiles(folder);
  expect(files.length).toBeGreaterThan(0);
  const breaches = files.flatMap((file) =>
    readImports(file).flatMap((statement) => findBreach(folder, file, statement) ?? []),
  );
  expect(breaches).toEqual([]);
});

test('every folder of src has a rule, except those that compose all others', () => {
  const folders = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `src/${entry.name}`);
  expect(folders.filter((folder) => !(folder in RULES)).sort()).toEqual(COMPOSITION);
});

test('readImports returns type-only and value imports of a known file: a control', () => {
  expect(readImports('src/workflows/customer-journey.ts')).toContainEqual({
    target: '../activities/index.ts',
    typeOnly: true,
  });
  expect(readImports('src/app/intake/commit.ts').map(({ target }) => target)).toContain('./accept.ts');
});

test('an import against the direction, of a package or of Node is refused: a control', () => {
  const findIn = (folder: string, file: string, target: string, typeOnly = false) =>
    findBreach(folder, file, { target, typeOnly });
  expect(findIn('src/engine', 'src/engine/a.ts', '../app/b.ts')).toBe('src/engine/a.ts imports ../app/b.ts');
  expect(findIn('src/domain', 'src/domain/a.ts', 'zod')).toBe('src/domain/a.ts imports zod');
  expect(findIn('src/domain', 'src/domain/a.ts', 'node:fs')).toBe('src/domain/a.ts imports node:fs');
  expect(findIn('src/workflows', 'src/workflows/a.ts', '../activities/b.ts')).not.toBeNull();
  expect(findIn('src/workflows', 'src/workflows/a.ts', '../activities/b.ts', true)).toBeNull();
  expect(findIn('src/api', 'src/api/tasks/a.ts', '../../app/b.ts')).toBeNull();
});

test('I7: nothing that decides reads a clock, draws at random, or asks the engine for floats, zones or collation', () => {
  const banned =
    /\bDate\.now\(|new Date\(\)|Math\.(random|exp|log|log2|log10|pow|sin|cos|tan|cbrt|hypot)\b|\bIntl\.|localeCompare|toLocale|performance\./;
  const files = ['src/domain', 'src/maths', 'src/learning', 'src/statistics', 'src/engine'].flatMap(
    listFiles,
  );
  expect(files.filter((file) => banned.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
});

/** The one reader of times, and the conversions to and from JavaScript's own type. */
const TIME = /^src\/domain\/time\//;

test('only src/domain/time makes an instant of a text: JavaScript reads many in the zone of the machine', () => {
  const banned = /\bDate\.parse\b|\bnew Date\((?!\))|\bDate\s*\[|Date as /;
  const files = ['src', 'db', 'bench'].flatMap(listFiles).filter((file) => !TIME.test(file));
  expect(files.filter((file) => banned.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
  expect("Date.parse('2026-11-12 10:00')").toMatch(banned);
  expect('new Date(text)').toMatch(banned);
  expect('new Date().toISOString()').not.toMatch(banned);
});

test('src/domain/time leaves no text to the parser of JavaScript', () => {
  const files = listFiles('src/domain/time');
  expect(files.filter((file) => /\bDate\.parse\b/.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual(
    [],
  );
});

/** They call servers of this machine, or the URL that the user of the command line has typed. */
const CALLS_OWN_URLS = /^src\/(outbound|dev|cli)\/|^src\/service\/health\/sdk-metrics\.ts$/;

test('fault 27: nothing but src/outbound calls a URL that a setting, a bundle or a browser names', () => {
  const calls = /\bfetch\(|\bhttps?\.(request|get)\(|\b(net|tls)\.connect\(|from 'undici'/;
  const files = listFiles('src').filter((file) => !CALLS_OWN_URLS.test(file));
  expect(files.filter((file) => calls.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
  expect(readFileSync(path.join(ROOT, 'src/outbound/outbound.ts'), 'utf8')).toMatch(calls);
});

/** They write names and types of columns, which come from the schema and never from input, or pass on what others wrote. */
const WRITE_SCHEMA_NAMES = [
  'db/columns.ts',
  'db/schema/column-types.ts',
  'db/connection/session.ts',
  'db/connection/tagged-sql.ts',
  // Names of partitions, and the months that they hold.
  'db/partitions/create-partitions.ts',
  'db/partitions/recent.ts',
  'db/partitions/retain-rows.ts',
];

test('fault 28: no SQL is built from text, except names and types out of the schema', () => {
  const files = ['db', 'src'].flatMap(listFiles).filter((file) => !WRITE_SCHEMA_NAMES.includes(file));
  const unsafe = /\.unsafe\(|sql\.raw\(/;
  expect(files.filter((file) => unsafe.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
});
