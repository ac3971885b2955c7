import { createServer, type Server } from 'node:net';
import { afterEach, expect, inject, test } from 'vitest';
import { describePortProblem } from '../../../src/cli/describe-port-problem.ts';
import { findPortOwner, listListeners } from '../../../src/cli/port-owner.ts';
import { createTestDatabase } from '../../support/database.ts';
import { spawnChild } from '../../support/spawn-child.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Listens on a free port, which is taken then. */
async function takePort(): Promise<number> {
  server = createServer();
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

const nobody = () => null;

test.each([
  [
    { code: 'EADDRINUSE' },
    'port 3000 is in use: another program listens there. Stop it, or set PORT to a free port',
  ],
  [{ code: 'EACCES' }, 'port 3000 may not be used by this user: set PORT to 1024 or more'],
  [
    { code: 'EADDRNOTAVAIL' },
    'this machine has no address shop: set HOST, such as HOST=0.0.0.0 for all of its addresses',
  ],
  [{ code: 'ECONNREFUSED' }, null],
])('describePortProblem names the variable and the remedy: %j', (error, text) => {
  expect(describePortProblem({ variable: 'PORT', host: 'shop', port: 3000 }, error, nobody)).toBe(text);
});

test('listListeners reads the table of the kernel', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41221 1 0 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 41222 1 0 100 0 0 10 0
   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41223 1 0 100 0 0 10 0`;
  expect(listListeners(table, 3000)).toEqual(['41221']);
  expect(listListeners('', 3000)).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('findPortOwner names the program that listens', async () => {
  const port = await takePort();
  expect(findPortOwner(port)).toMatchObject({ pid: process.pid });
  server?.close();
  expect(findPortOwner(port)).toBeNull();
});

test.each(['PORT', 'HEALTH_PORT'])(
  'a role whose %s is taken ends and names the variable',
  async (variable) => {
    const database = await createTestDatabase();
    const port = await takePort();
    const role = spawnChild(
      'src/cli/main.ts',
      {
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        THROUGHLINE_SECRET: 'a secret for the tests only',
        PORT: '0',
        HEALTH_PORT: '',
        [variable]: String(port),
      },
      ['serve', 'api'],
    );
    expect(await role.gone).toBe(1);
    expect(role.lines.at(-1)).toMatch(
      new RegExp(
        `^error: port ${port} is in use: .* listens there\\. Stop it, or set ${variable} to a free port$`,
      ),
    );
    await database.drop();
  },
  30_000,
);

test('a role without its variables names all of them, a line each', async () => {
  const role = spawnChild(
    'src/cli/main.ts',
    { DATABASE_URL: '', THROUGHLINE_SECRET: 'short', PORT: 'http', HEALTH_PORT: '' },
    ['serve', 'api'],
  );
  expect(await role.gone).toBe(1);
  expect(role.lines.map((line) => line.split(';')[0])).toEqual([
    'error: variables of the environment are missing or wrong (see docs/reference/configuration.md)',
    '  DATABASE_URL: is missing',
    '  THROUGHLINE_SECRET: must have at least 16 characters',
    '  PORT: must be a port: 0 to 65535',
  ]);
}, 30_000);
