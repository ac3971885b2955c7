import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { expect, inject, test } from 'vitest';
import { ROOT } from '../support/paths.ts';

const run = promisify(execFile);

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'bench/README.md',
  'test/README.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const IN_DEPLOY = 'deploy.test.ts runs it, or a like one, from docs/deploy.md';

/** Commands of the pages that no test runs as they are written, each with the reason. */
const NOT_RUN: Record<string, string> = {
  'sh deploy/compose/create-env.sh': IN_DEPLOY,
  'docker compose -f deploy/compose.yaml up --detach': IN_DEPLOY,
  'docker compose -f deploy/compose.yaml run --rm cli workspaces create aroma --bundle examples/aroma':
    IN_DEPLOY,
  'docker compose -f deploy/compose.yaml run --rm cli keys create write --label shop': IN_DEPLOY,
  "CONSOLE_EMBED_ANCESTORS='https://aroma.zendesk.com'":
    'a setting; test/api/console/routes.test.ts has such a site',
  'npm start': 'test/dev and test/faults start its parts, on free ports',
  'npm test': 'this test is a part of it',
  'npm test -- test/engine': 'part of npm test',
  "npm test -- -t 'I3'": 'part of npm test',
  'npm run test:clients': 'needs further toolchains; npm test runs those of npm',
  "npm run test:clients -- -t 'Go library'": 'needs Go',
  'npm run throughline -- advance user:helen 25h': 'test/cli/advance runs it',
  'RECORD=2026-12 npm test -- test/replay/record.test.ts': 'writes a golden history',
  'npm run check': 'npm test does the same first',
  'npm run build': 'test/package builds, and looks at the result',
  'npm pack': 'test/package packs, installs and runs the package',
  'npm run format': 'changes the sources',
  'npm run docs': 'test/architecture compares what it writes',
  '.ci/run': 'runs npm test',
  'npm run chaos -- --seed 7 --minutes 3': 'takes minutes; test/chaos has a short run',
  'npm run chaos -- --seed 41 --minutes 26': 'takes half an hour',
  'npm run chaos -- --seed 42 --minutes 14 --customers 40': 'takes a quarter of an hour',
  "npm run chaos -- --seed 7 --minutes 3 --fault 'api killed'": 'takes minutes',
  'npm run chaos -- --temporal-store postgres --processes 2': 'takes minutes',
  'npm run bench -- --only bc --temporal-store postgres --processes 2': 'takes minutes',
  'npm run chaos -- --seed 51 --minutes 5 --temporal-store postgres --processes 2': 'takes minutes',
  'npm run bench': 'takes minutes; test/bench tests its parts',
  'npm run bench -- --only bc': 'takes minutes',
  'npm run bench -- --only sweep': 'takes minutes',
  'npm run bench:decisions': 'takes minutes',
  'npm run bench:partitions': 'takes minutes',
  'npm run attack': 'takes minutes; test/attack runs a short form',
  'npm run attack -- --only access,events --seed 7 --minutes 3': 'takes minutes',
};

function readBlocks(page: string, language: string): string[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  );
}

/** The commands of a block, one a line, without the comments behind them. */
function listCommands(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Blocks that another test runs as they are: the tour, how to set up, and how to import files. */
const isRun = (block: string) =>
  ['dev() {', 'throughline migrate', 'throughline import olist'].some((start) => block.startsWith(start));

/** What the pages call `throughline`, in a checkout. */
const THROUGHLINE = 'throughline() { node bin/throughline.mjs "$@"; }';

/** A page of which deploy.test.ts runs every section. */
const DEPLOY = 'docs/deploy.md';

test.each(PAGES.filter((page) => page !== DEPLOY))(
  'each command of %s is run by a test, or a reason says why not',
  (page) => {
    const commands = ['sh', 'bash', 'shell'].flatMap((language) =>
      readBlocks(page, language)
        .filter((block) => !isRun(block))
        .flatMap(listCommands),
    );
    expect(commands.filter((command) => !Object.hasOwn(NOT_RUN, command))).toEqual([]);
  },
);

test('no reason is given for a command that is on no page', () => {
  const commands = PAGES.flatMap((page) => readBlocks(page, 'sh').flatMap(listCommands));
  expect(Object.keys(NOT_RUN).filter((command) => !commands.includes(command))).toEqual([]);
});

test.each(PAGES)('the folders and files that commands of %s name exist', (page) => {
  const commands = readBlocks(page, 'sh').flatMap(listCommands);
  const named = commands.flatMap(
    (command) => command.match(/(?:test|src|examples|docs|\.ci)\/[\w./-]+/g) ?? [],
  );
  expect(named.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
});

test('the commands of operations.md set up an empty database, and its queries run there', async () => {
  const [setUp = ''] = readBlocks('docs/operations.md', 'sh');
  const adminUrl = inject('databaseUrl');
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const name = `docs_${process.pid}`;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await admin.unsafe(`create database ${name}`);
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  try {
    const env = { ...process.env, DATABASE_URL: url.href };
    const { stdout } = await run('bash', ['-e', '-c', `${THROUGHLINE}\n${setUp}`], {
      cwd: ROOT,
      env,
      timeout: 90_000,
    });
    expect(stdout).toMatch(/^migrated the database from empty .*\ncreated workspace aroma, with version 1/);
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(-3)
        .map((key) => key.slice(0, 3)),
    ).toEqual(['wk_', 'bk_', 'ak_']);
    const [queries = ''] = readBlocks('docs/operations.md', 'sql');
    const results = (await sql.unsafe(queries).simple()) as unknown as unknown[];
    expect(results.length).toBeGreaterThan(3);
  } finally {
    await sql.end();
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}, 120_000);

test('the tests that the pages show as examples pass', async () => {
  const examples = ['README.md', 'docs/testing.md']
    .flatMap((page) => readBlocks(page, 'ts'))
    .filter((block) => block.includes("from 'vitest'"));
  expect(examples.length).toBeGreaterThan(2);
  // A folder in which the examples find what they import, as if they were in this repository.
  const dir = mkdtempSync(path.join(tmpdir(), 'examples-of-docs-'));
  try {
    mkdirSync(path.join(dir, 'test', 'stories'), { recursive: true });
    for (const name of ['src', 'db', 'examples', 'node_modules', 'package.json', 'test/support'])
      symlinkSync(path.join(ROOT, name), path.join(dir, name));
    writeFileSync(
      path.join(dir, 'vitest.config.mjs'),
      "export default { test: { include: ['test/**/*.test.ts'] } };",
    );
    for (const [index, text] of examples.entries()) {
      const folder = text.includes("from '../src/") ? 'test' : 'test/stories';
      writeFileSync(path.join(dir, folder, `${index}.test.ts`), text);
    }
    const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const { stdout } = await run(process.execPath, [vitest, 'run', '--root', dir], {
      cwd: ROOT,
      timeout: 110_000,
    });
    expect(stdout).toMatch(new RegExp(`Tests .*${examples.length} passed`));
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 120_000);
