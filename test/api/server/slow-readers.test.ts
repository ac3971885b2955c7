import { execFileSync } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildProcessHandle, startChildProcess } from '../../support/child-process.ts';
import { buildProduct } from '../../support/product.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../../support/system.ts';

const SOCKETS = 300;
const WRITE_SECONDS = 4;
/** What each of the sockets asks for and never reads: 11 MB, more than the system's buffers take. */
const REQUESTS = ['/docs/swagger-ui-bundle.js.map', '/openapi.json', '/docs/swagger-ui-bundle.js']
  .map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  .join('')
  .repeat(3);

let system: TestSystem;
let api: ChildProcessHandle;
let port: number;

beforeAll(async () => {
  system = await startTestSystem({ worker: false, relay: false });
  port = await getPort();
  const env = { PORT: String(port), LOG_LEVEL: 'warn', HTTP_WRITE_SECONDS: String(WRITE_SECONDS) };
  api = await startChildProcess(system, buildProduct(), env, ['serve', 'api']);
  await waitUntil(
    () =>
      measure().then(
        () => true,
        () => false,
      ),
    'the API to answer',
    60_000,
  );
}, 90_000);
afterAll(async () => {
  await api.kill();
  await system.stop();
});

/** Milliseconds that a good client waits for an answer. */
async function measure(): Promise<number> {
  const since = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect(answer.status).toBe(200);
  await answer.json();
  return performance.now() - since;
}

async function measureFor(ms: number): Promise<{ p99: number; count: number }> {
  const taken: number[] = [];
  for (const until = Date.now() + ms; Date.now() < until; await sleep(20)) taken.push(await measure());
  taken.sort((a, b) => a - b);
  return { p99: taken[Math.floor(taken.length * 0.99)] as number, count: taken.length };
}

const readMemoryMb = () =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(api.pid)], { encoding: 'utf8' })) / 1_024;

test('fault 17: hundreds of clients that never read take little memory, are cut off, and disturb nobody', async () => {
  const before = await measureFor(2_000);
  const memoryBefore = readMemoryMb();
  const sockets = Array.from({ length: SOCKETS }, () => {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    socket.pause().write(REQUESTS);
    return socket;
  });
  const [during, most] = await Promise.all([
    measureFor(8_000),
    (async () => {
      let memory = 0;
      for (let n = 0; n < 16; n++) {
        memory = Math.max(memory, readMemoryMb());
        await sleep(500);
      }
      return memory;
    })(),
  ]);
  const figures = { before: before.p99, during: during.p99, memoryBefore, most };
  console.log(figures);
  expect(during.count).toBeGreaterThan(20);
  expect(during.p99).toBeLessThan(Math.max(1_000, before.p99 * 5));
  expect(most - memoryBefore).toBeLessThan(120);
  // Bytes that the system holds for the client come first, then the end.
  for (const socket of sockets) socket.resume();
  await expect
    .poll(() => sockets.filter(({ destroyed }) => destroyed).length, { timeout: 20_000 })
    .toBe(SOCKETS);
}, 60_000);

test('the document is sent packed where that is accepted, and not again where it is known', async () => {
  const url = `http://127.0.0.1:${port}/openapi.json`;
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-encoding')).toBeNull();
  const packed = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(Number(packed.headers.get('content-length'))).toBeLessThan(
    Number(plain.headers.get('content-length')) / 4,
  );
  expect(await packed.json()).toEqual(await plain.json());
  const etag = plain.headers.get('etag') as string;
  // `fetch` would say that it wants no answer from a cache.
  const status = await new Promise((resolve) =>
    http.get(url, { headers: { 'if-none-match': etag } }, (answer) => resolve(answer.resume().statusCode)),
  );
  expect(status).toBe(304);
});
