import { createServer, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { groupAddress } from '../../../src/api/server/address-group.ts';
import type { HttpLimits } from '../../../src/api/server/limits.ts';
import { listen } from '../../../src/api/server/listen.ts';
import { oneAtATime } from '../../../src/api/server/one-at-a-time.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** By port: how many connections were made, and how many of them the server has closed, whatever the clients know. */
const connections = new Map<number, { made: number; closed: number }>();
const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** A small server: one path answers at once, one never, one with 20 MB, one reads a body. */
async function start(limits: Partial<HttpLimits>): Promise<number> {
  const app = express();
  app.get('/now', (_req, res) => res.send('now'));
  app.get('/never', () => {});
  const large = Buffer.alloc(20_000_000, 'x');
  app.get('/large', (_req, res) => res.end(large));
  app.post('/body', express.raw({ type: () => true, limit: '5mb' }), (_req, res) => res.send('read'));
  const server = await listen(app, { host: '127.0.0.1', port: 0, limits });
  stops.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const counts = { made: 0, closed: 0 };
  server.on('connection', (socket: net.Socket) => {
    counts.made++;
    socket.once('close', () => counts.closed++);
  });
  connections.set(portOf(server), counts);
  return portOf(server);
}

interface Client {
  socket: net.Socket;
  closed: Promise<number>;
  isClosed: boolean;
  text: string;
}

/** A connection that has sent something. Unless it reads, it takes nothing of the answer. */
async function connect(port: number, sends: string, { reads = true } = {}): Promise<Client> {
  const socket = net.connect(port, '127.0.0.1');
  const since = performance.now();
  const client: Client = {
    socket,
    isClosed: false,
    text: '',
    closed: new Promise((resolve) => {
      socket.on('close', () => {
        client.isClosed = true;
        resolve(performance.now() - since);
      });
    }),
  };
  stops.push(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  if (reads)
    socket.on('data', (bytes) => {
      client.text += bytes.toString();
    });
  else socket.pause();
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  socket.write(sends);
  return client;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const works = async (port: number) =>
  (await fetch(`http://127.0.0.1:${port}/now`, { headers: { connection: 'close' } })).text();

/** Lets the clients' sockets notice: one that doesn't read learns of its end only when it reads. */
function readAgain(clients: Client[]): void {
  for (const { socket } of clients) socket.resume();
}
const countClosed = (clients: Client[]) => clients.filter(({ isClosed }) => isClosed).length;

describe('requests of one connection', () => {
  async function startCounting(maxWaiting: number) {
    let running = 0;
    let most = 0;
    const server = createServer(
      oneAtATime(async (req, res) => {
        most = Math.max(most, ++running);
        await sleep(20);
        running--;
        res.end(`answer to ${req.url}\n`);
      }, maxWaiting),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { port: portOf(server), most: () => most };
  }

  test('are handled one after the other, in their order', async () => {
    const { port, most } = await startCounting(10);
    const client = await connect(port, Array.from({ length: 8 }, (_, n) => get(`/${n}`)).join(''));
    await expect.poll(() => client.text.match(/answer to/g)?.length).toBe(8);
    expect(client.text.match(/answer to \/\d/g)).toEqual(
      Array.from({ length: 8 }, (_, n) => `answer to /${n}`),
    );
    expect(most()).toBe(1);
    client.socket.write(get('/later'));
    await expect.poll(() => client.text).toContain('answer to /later');
  });

  test('of two connections run side by side', async () => {
    const { port, most } = await startCounting(10);
    await Promise.all(Array.from({ length: 4 }, () => fetch(`http://127.0.0.1:${port}/`)));
    expect(most()).toBeGreaterThan(1);
  });

  test('close it when more wait than allowed', async () => {
    const { port } = await startCounting(3);
    const client = await connect(port, get('/').repeat(10));
    // Long before any time is over.
    expect(await client.closed).toBeLessThan(10_000);
  });
});

describe('a client that does not read', () => {
  test('is cut off, and one that reads slowly is not', async () => {
    const port = await start({ writeMs: 3_000 });
    const silent = await connect(port, get('/large'), { reads: false });
    const slow = await connect(port, get('/large'), { reads: false });
    let read = 0;
    slow.socket.on('data', (bytes) => {
      read += bytes.length;
    });
    // About 6 MB/s, so the answer takes twice as long as a client may stand still.
    const reading = setInterval(() => {
      slow.socket.resume();
      setImmediate(() => slow.socket.pause());
    }, 10);
    slow.socket.pause();
    stops.push(() => clearInterval(reading));
    await expect.poll(() => connections.get(port)).toEqual({ made: 2, closed: 1 });
    readAgain([silent]);
    await expect.poll(() => countClosed([silent]), { timeout: 5_000 }).toBe(1);
    expect(slow.isClosed).toBe(false);
    clearInterval(reading);
    slow.socket.resume();
    await expect.poll(() => read, { timeout: 15_000 }).toBeGreaterThan(20_000_000);
  }, 45_000);

  test('is cut off sooner where too many bytes wait, the largest first', async () => {
    const port = await start({ bufferedBytes: 50_000_000, writeMs: 60_000 });
    const clients = await Promise.all(
      Array.from({ length: 8 }, () => connect(port, get('/large'), { reads: false })),
    );
    await expect.poll(() => connections.get(port)?.closed).toBeGreaterThanOrEqual(5);
    expect(await works(port)).toBe('now');
    readAgain(clients);
    await expect.poll(() => countClosed(clients), { timeout: 5_000 }).toBeGreaterThanOrEqual(5);
    expect(countClosed(clients)).toBeLessThan(8);
  }, 45_000);
});

describe('connections from one address', () => {
  test('that stand still give way to new ones', async () => {
    const port = await start({ connectionsPerAddress: 20 });
    const idle = await Promise.all(Array.from({ length: 20 }, () => connect(port, get('/now'))));
    await sleep(2_300);
    for (let n = 0; n < 5; n++) expect(await works(port)).toBe('now');
    await expect.poll(() => idle.filter(({ isClosed }) => isClosed).length).toBeGreaterThan(0);
    expect(idle.filter(({ isClosed }) => isClosed).length).toBeLessThanOrEqual(5);
  });

  test.each<Partial<HttpLimits>>([{ connectionsPerAddress: 10 }, { connections: 10 }])(
    'beyond %o are refused while all others are at work',
    async (limits) => {
      const port = await start(limits);
      const busy = await Promise.all(Array.from({ length: 10 }, () => connect(port, get('/never'))));
      await sleep(2_300);
      const refused = await connect(port, get('/now'));
      await refused.closed;
      expect(refused.text).toBe('');
      expect(busy.filter(({ isClosed }) => isClosed)).toEqual([]);
      busy[0]?.socket.destroy();
      await expect.poll(() => works(port).catch(String), { timeout: 5_000 }).toBe('now');
    },
  );

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (address, group) => {
    expect(groupAddress(address)).toBe(group);
  });
});

test('bodies that never end are cut off where they are too many bytes, and others are read', async () => {
  const port = await start({ bodyBytes: 3_000_000 });
  const head = (bytes: number) => `POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`;
  const senders = await Promise.all(
    Array.from({ length: 8 }, () => connect(port, head(2_000_000) + 'x'.repeat(1_000_000))),
  );
  await expect.poll(() => senders.filter(({ isClosed }) => isClosed).length, { timeout: 15_000 }).toBe(5);
  const answer = await fetch(`http://127.0.0.1:${port}/body`, { method: 'POST', body: 'y'.repeat(500_000) });
  expect(await answer.text()).toBe('read');
});

test('packed bodies count as what they may have grown to', async () => {
  const port = await start({ bodyBytes: 2_000_000 });
  const head =
    'POST /body HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\x1f\x8b\x08\r\n';
  const senders = await Promise.all(Array.from({ length: 10 }, () => connect(port, head)));
  await expect
    .poll(() => senders.filter(({ isClosed }) => isClosed).length, { timeout: 15_000 })
    .toBeGreaterThanOrEqual(6);
  expect(await works(port)).toBe('now');
});

test('connections that send nothing, or half a request, are closed', async () => {
  const port = await start({});
  const clients = await Promise.all(
    ['', 'GET / HT', 'GET /now HTTP/1.1\r\nHost: x\r\n'].map((sent) => connect(port, sent)),
  );
  for (const ms of await Promise.all(clients.map(({ closed }) => closed))) expect(ms).toBeLessThan(9_000);
}, 15_000);
