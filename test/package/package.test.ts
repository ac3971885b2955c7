import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { ROOT } from '../support/paths.ts';
import { buildProduct } from '../support/product.ts';
import { type ChildProcessHandle, spawnChild } from '../support/spawn-child.ts';
import { waitUntil } from '../support/wait-until.ts';

/** This version of Node, and others as `.ci/nodes` installs them. */
const NODES = [
  process.execPath,
  ...(process.env.THROUGHLINE_NODES ?? '').split(path.delimiter).filter(Boolean),
];
const INSTALL_MS = 300_000;
const READY_MS = 60_000;
const RUN_MS = 50_000;
const GOLDEN = '2026-11-22-ticket.json';

let dir: string;
/** The folder of somebody who has installed the package and nothing else. */
let app: string;
let db: TestDatabase;
const children: ChildProcessHandle[] = [];

beforeAll(async () => {
  buildProduct();
  dir = mkdtempSync(path.join(tmpdir(), 'throughline-package-'));
  app = path.join(dir, 'app');
  mkdirSync(app);
  writeFileSync(path.join(app, 'package.json'), '{ "private": true, "type": "module" }');
  const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', dir], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', [...install, path.join(dir, path.basename(tarball))], {
    cwd: app,
    encoding: 'utf8',
    // Without the settings of this repository, which npx hands down.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  });
  if (status !== 0) throw new Error(`npm could not install the package: ${stderr}`);
  db = await createTestDatabase({ empty: true });
}, INSTALL_MS);

afterAll(async () => {
  for (const child of children) await child.kill();
  await db?.drop();
  if (dir) rmSync(dir, { recursive: true, force: true });
}, INSTALL_MS);

/** Runs the command of the installed package. */
function throughline(args: string[], node = process.execPath): string {
  const bin = path.join(app, 'node_modules', '.bin', 'throughline');
  return execFileSync(node, [bin, ...args], { cwd: app, encoding: 'utf8', timeout: RUN_MS });
}

function serve(args: string[], env: Record<string, string>, node?: string): ChildProcessHandle {
  const child = spawnChild(path.join(app, 'node_modules', '.bin', 'throughline'), env, args, {
    cwd: app,
    node,
  });
  children.push(child);
  return child;
}

async function waitUntilReady(url: string, child: ChildProcessHandle): Promise<void> {
  let ended: unknown;
  void child.gone.then((how) => {
    ended = how;
  });
  const isReady = async () => {
    if (ended !== undefined) throw new Error(`it ended (${ended}): ${child.lines.join('\n')}`);
    return (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
  };
  await waitUntil(isReady, `${url}/readyz`, READY_MS);
}

test('an installed package has no sources, no loader and no compiler', () => {
  const installed = path.join(app, 'node_modules');
  expect(readdirSync(path.join(installed, 'throughline')).sort()).toEqual([
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'examples', 'openapi.json', 'package.json'],
  ]);
  expect(['tsx', 'esbuild', 'typescript'].filter((name) => existsSync(path.join(installed, name)))).toEqual(
    [],
  );
});

test('an installed package has the console, and none of the packages that it is made of', () => {
  const files = readdirSync(path.join(app, 'node_modules', 'throughline', 'dist', 'console'));
  expect(files).toContain('index.html');
  const packages = [
    'react',
    'react-dom',
    '@tanstack',
    'radix-ui',
    'echarts',
    '@xyflow',
    'vite',
    'playwright-core',
  ];
  expect(packages.filter((name) => existsSync(path.join(app, 'node_modules', name)))).toEqual([]);
});

test.each(NODES)('%s runs the command of an installed package', (node) => {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  expect(throughline(['--version'], node).trim()).toBe(version);
  const help = throughline(['--help'], node);
  expect(help).toContain('serve <roles...>');
  expect(help).not.toContain('chaos');
});

test('the types of both exports fit a program that uses them', () => {
  const program = `
    import { type Bundle, checkBundle, type Problem, VERSION } from 'throughline';
    import { type History, readHistoryFile, replayHistory, SimulatedCustomer } from 'throughline/testing';
    const version: string = VERSION;
    const { bundle, errors } = await checkBundle('bundle');
    const problems: Problem[] = errors;
    const history: History = await readHistoryFile('history.json');
    await replayHistory(history, { workflowId: 'w' });
    const customer = new SimulatedCustomer(bundle as Bundle);
    customer.track({ event: 'Order Completed', properties: { order_id: 'o-1' } });
    const sent: string | undefined = customer.messages[0]?.action;
    export { version, problems, sent };
    // @ts-expect-error: nothing is of type any
    customer.track({ event: 5 });
    // @ts-expect-error: nothing is of type any
    replayHistory('history');
  `;
  writeFileSync(path.join(app, 'program.ts'), program);
  const options = { module: 'nodenext', target: 'es2023', strict: true, skipLibCheck: true, noEmit: true };
  const compilerOptions = { ...options, types: [] };
  writeFileSync(path.join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const { stdout } = spawnSync(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', app], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

test('the test kit replays a golden history, and simulates a customer', () => {
  cpSync(path.join(ROOT, 'test', 'replay', 'histories', GOLDEN), path.join(app, 'history.json'));
  const program = `
    import { checkBundle } from 'throughline';
    import { bundleWorkflows, readHistoryFile, replayHistory, SimulatedCustomer } from 'throughline/testing';
    import { Runtime, DefaultLogger } from '@temporalio/worker';
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const bundle = await bundleWorkflows();
    const history = await readHistoryFile('history.json');
    await replayHistory(history, { bundle });
    const { bundle: aroma } = await checkBundle('node_modules/throughline/examples/aroma');
    const customer = new SimulatedCustomer(aroma);
    customer.track({
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 10 },
      context: { traits: { email: 'ada@example.com' } },
    });
    console.log(JSON.stringify({ sent: customer.messages.map(({ action }) => action) }));
    process.exit();
  `;
  writeFileSync(path.join(app, 'replay.mjs'), program);
  const stdout = execFileSync(process.execPath, ['replay.mjs'], {
    cwd: app,
    encoding: 'utf8',
    stdio: 'pipe',
    timeout: RUN_MS,
  });
  const answer = JSON.parse(stdout.trim().split('\n').at(-1) as string);
  expect(answer.sent).toEqual(['order-confirmation']);
}, 60_000);

test('`start` in an empty folder prepares a database and serves, from an installed package', async () => {
  const port = await getPort({ host: '127.0.0.1' });
  const start = serve(['start'], {
    DATABASE_URL: db.url,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TASK_QUEUE: `package-${port}`,
    PORT: `${port}`,
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(url, start);
  await waitUntil(async () => existsSync(path.join(app, '.throughline', 'dev.json')), 'its keys', READY_MS);
  const { writeKey } = JSON.parse(readFileSync(path.join(app, '.throughline', 'dev.json'), 'utf8'));
  const answer = await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      userId: 'ada',
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 10 },
      context: { traits: { email: 'ada@example.com' } },
    }),
  });
  expect(answer.status).toBe(200);
  // The worker runs the workflow bundle of the package, and renders in a thread.
  const sent = async () => (await db.db.sql`select 1 from deliveries where state = 'sent'`).length > 0;
  await waitUntil(sent, 'the confirmation', READY_MS);
  await start.terminate();
  expect(await start.gone).toBe(0);
}, 180_000);

test.each(NODES)(
  '%s serves the API of an installed package until SIGTERM',
  async (node) => {
    const port = await getPort({ host: '127.0.0.1' });
    const env = {
      DATABASE_URL: db.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      THROUGHLINE_SECRET: 'a secret for the tests only',
      PORT: `${port}`,
    };
    const api = serve(['serve', 'api'], env, node);
    await waitUntilReady(`http://127.0.0.1:${port}`, api);
    const page = await fetch(`http://127.0.0.1:${port}/openapi.json`);
    expect(((await page.json()) as { openapi: string }).openapi).toMatch(/^3\./);
    const html = await (await fetch(`http://127.0.0.1:${port}/console/`)).text();
    const [script] = /\/console\/assets\/[^"]+\.js/.exec(html) ?? [];
    expect((await fetch(`http://127.0.0.1:${port}${script}`)).status).toBe(200);
    await api.terminate();
    expect(await api.gone).toBe(0);
  },
  120_000,
);
