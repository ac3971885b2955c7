import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';

/**
 * Who may import whom (design, the house). `packages` are the packages of others; `types` may be imported as types
 * only, which leaves nothing behind when the code runs. Data flows one way, and so do imports.
 */
const RULES: Record<
  string,
  { rooms: string[]; types?: string[]; packages?: string[] | 'any'; node?: boolean }
> = {
  'src/domain': { rooms: [] },
  'src/decisioning': { rooms: ['src/domain'] },
  'src/definitions': { rooms: ['src/domain', 'src/content'], packages: 'any', node: true },
  'src/content': { rooms: ['src/domain'], packages: ['liquidjs', 'yaml', 'zod'], node: true },
  'src/workflows': { rooms: ['src/domain'], types: ['src/activities'], packages: ['@temporalio/workflow'] },
  'src/channels': { rooms: ['src/domain'], packages: 'any', node: true },
  'src/intake': { rooms: ['src/domain', 'src/definitions', 'db'], packages: ['uuidv7'], node: true },
  'src/sources': { rooms: ['src/domain', 'src/intake'], types: ['db'], packages: ['uuidv7'], node: true },
  'src/activities': {
    rooms: ['src/domain', 'src/decisioning', 'src/intake', 'src/channels', 'src/content', 'db'],
    packages: ['@temporalio/activity', 'moment-timezone'],
    node: true,
  },
  'src/temporal': {
    rooms: ['src/workflows'],
    types: ['src/activities', 'src/channels', 'src/domain'],
    packages: 'any',
    node: true,
  },
  'src/relay': { rooms: ['src/domain', 'src/temporal', 'db'], types: ['src/workflows'], packages: ['pino'] },
  'src/api': {
    rooms: [
      'src/domain',
      'src/decisioning',
      'src/definitions',
      'src/intake',
      'src/sources',
      'src/activities',
      'src/content',
      'db',
    ],
    types: ['src/temporal', 'src/workflows'],
    packages: 'any',
    node: true,
  },
  'src/testing': { rooms: ['src/temporal'], packages: 'any', node: true },
  'src/dev': { rooms: ['src/temporal', 'src/user-error.ts'], packages: 'any', node: true },
  db: {
    rooms: ['src/domain'],
    types: ['src/definitions', 'src/decisioning'],
    packages: ['drizzle-orm', 'postgres', 'uuidv7'],
    node: true,
  },
};

interface Import {
  target: string;
  typeOnly: boolean;
}

/** Reads imports off the text: what TypeScript and Node see, without running anything. */
function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gms,
  );
  return [...found].map((m) => ({ target: (m[2] ?? m[3] ?? m[4]) as string, typeOnly: m[1] !== undefined }));
}

function filesOf(room: string): string[] {
  return readdirSync(path.join(ROOT, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function breaches(room: string): string[] {
  const rule = RULES[room] as (typeof RULES)[string];
  return filesOf(room).flatMap((file) =>
    importsOf(file).flatMap(({ target, typeOnly }) => {
      const breach = [`${path.relative(ROOT, file)} imports ${target}`];
      if (target.startsWith('node:')) return rule.node ? [] : breach;
      if (!target.startsWith('.')) {
        const name = target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/');
        return rule.packages === 'any' || rule.packages?.includes(name) ? [] : breach;
      }
      const to = path.relative(ROOT, path.resolve(path.dirname(file), target));
      const inside = [room, ...rule.rooms].some((r) => to === r || to.startsWith(`${r}/`));
      const asType = typeOnly && rule.types?.some((r) => to.startsWith(`${r}/`));
      return inside || asType ? [] : breach;
    }),
  );
}

test.each(Object.keys(RULES))('%s imports only what its room may', (room) => {
  expect(filesOf(room).length).toBeGreaterThan(0);
  expect(breaches(room)).toEqual([]);
});

test('every room of src has a rule, but the roots of composition', () => {
  const rooms = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `src/${entry.name}`);
  expect(rooms.filter((room) => !(room in RULES)).sort()).toEqual(['src/cli', 'src/service']);
});

test('the reader of imports sees what it must: a control', () => {
  expect(importsOf(path.join(ROOT, 'src/workflows/customer-journey.ts'))).toContainEqual({
    target: '../activities/index.ts',
    typeOnly: true,
  });
  expect(importsOf(path.join(ROOT, 'src/intake/commit.ts')).map((i) => i.target)).toContain('./accept.ts');
});

test('I7: nothing that decides reads a clock, draws at random, or asks the engine for floats, zones or collation', () => {
  const banned =
    /\bDate\.now\(|new Date\(\)|Math\.(random|exp|log|log2|log10|pow|sin|cos|tan|cbrt|hypot)\b|\bIntl\.|localeCompare|toLocale|performance\./;
  const found = ['src/domain', 'src/decisioning'].flatMap((room) =>
    filesOf(room)
      .filter((file) => banned.test(readFileSync(file, 'utf8')))
      .map((file) => path.relative(ROOT, file)),
  );
  expect(found).toEqual([]);
});

test('fault 28: no SQL is put together from text', () => {
  const found = ['db', 'src'].flatMap((room) =>
    filesOf(room)
      .filter((file) => /\.unsafe\(|sql\.raw\(/.test(readFileSync(file, 'utf8')))
      .map((file) => path.relative(ROOT, file)),
  );
  expect(found).toEqual([]);
});
