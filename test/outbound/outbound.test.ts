import http from 'node:http';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { NOTHING_ALLOWED, readAllowList } from '../../src/outbound/allow-list.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import type { Resolve } from '../../src/outbound/resolve.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const PUBLIC = { address: '203.0.114.7', family: 4 };
const LOOPBACK = { address: '127.0.0.1', family: 4 };

function allow(text: string) {
  const list = readAllowList(text);
  if (!list) throw new Error(`no allow-list: ${text}`);
  return list;
}

/** A server of this machine that counts its connections. */
async function inside(answer: http.RequestListener = (_request, response) => response.end('inside')) {
  let connections = 0;
  const requests: { method?: string; url?: string; headers: http.IncomingHttpHeaders; body: string }[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body });
      answer(request, response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    requests,
    connections: () => connections,
  };
}

const get = (url: string, list = NOTHING_ALLOWED, lookUp?: Resolve) =>
  createOutbound(list, lookUp).request({ method: 'GET', url });

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.8.8.8', 'loopback'],
  ['2130706433', 'loopback'],
  ['0x7f000001', 'loopback'],
  ['0177.0.0.1', 'loopback'],
  ['127.1', 'loopback'],
  ['%31%32%37.0.0.1', 'loopback'],
  ['①②⑦.0.0.1', 'loopback'],
  ['0', 'unspecified'],
  ['0.0.0.0', 'unspecified'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['169.254.169.254', 'linkLocal'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['198.18.0.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['[::1]', 'loopback'],
  ['[::]', 'unspecified'],
  ['[::ffff:10.0.0.1]', 'private'],
  ['[::ffff:7f00:1]', 'loopback'],
  ['[::127.0.0.1]', 'reserved'],
  ['[64:ff9b::10.0.0.1]', 'private'],
  ['[2002:7f00:1::]', '6to4'],
  ['[fe80::1]', 'linkLocal'],
  ['[fd00:ec2::254]', 'uniqueLocal'],
])('fault 27: http://%s is refused, as %s', async (host, range) => {
  const { port, connections } = await inside();
  expect(await get(`http://${host}:${port}/`)).toEqual({
    kind: 'refused',
    error: expect.stringContaining(
      `has no public address (${range}): if that is meant, add it to OUTBOUND_ALLOW`,
    ),
  });
  expect(connections()).toBe(0);
});

test('fault 27: names are refused by the address that they lead to, and so are connections without a request', async () => {
  const { port, connections } = await inside();
  expect(await get(`http://localhost:${port}/`)).toMatchObject({ kind: 'refused' });
  const outbound = createOutbound(NOTHING_ALLOWED, async () => [LOOPBACK]);
  expect(await outbound.request({ method: 'POST', url: `http://shop.example:${port}/` })).toMatchObject({
    kind: 'refused',
  });
  expect(await outbound.canConnect(`http://shop.example:${port}/`)).toBe(false);
  expect(connections()).toBe(0);
});

test('fault 27: a name that leads to another address at the second look-up is called at the first', async () => {
  const { port, connections } = await inside();
  const answers = [[PUBLIC], [LOOPBACK], [LOOPBACK]];
  const asked: string[] = [];
  const lookUp: Resolve = async (host) => {
    asked.push(host);
    return answers.shift() ?? [LOOPBACK];
  };
  // Nothing answers at the public address: what matters is that the loopback server isn't called.
  expect(await get(`http://rebind.example:${port}/`, NOTHING_ALLOWED, lookUp)).toMatchObject({
    kind: 'broken',
    requestStarted: false,
  });
  expect(asked).toEqual(['rebind.example']);
  expect(connections()).toBe(0);
}, 15_000);

test('of several addresses only the public ones are called', async () => {
  const { port, connections } = await inside();
  const lookUp: Resolve = async () => [LOOPBACK, PUBLIC];
  expect(await get(`http://mixed.example:${port}/`, NOTHING_ALLOWED, lookUp)).toMatchObject({
    kind: 'broken',
  });
  expect(connections()).toBe(0);
}, 15_000);

test('fault 27: a redirect into the network is not followed', async () => {
  const target = await inside();
  const { port } = await inside((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${target.port}/secret` });
    response.end();
  });
  expect(await get(`http://127.0.0.1:${port}/`, allow('127.0.0.1'))).toMatchObject({
    kind: 'reply',
    status: 302,
  });
  expect(target.connections()).toBe(0);
});

test.each([
  ['127.0.0.1', 'a.example', true],
  ['127.0.0.0/8', 'a.example', true],
  ['10.0.0.0/8, ::1 127.0.0.1', 'a.example', true],
  ['a.example', 'A.Example.', true],
  ['*.example', 'a.example', true],
  ['*.b.example', 'a.example', false],
  ['example', 'a.example', false],
  ['127.0.0.2', 'a.example', false],
  ['', 'a.example', false],
])(
  'with OUTBOUND_ALLOW=%s, a server of this machine as %s may be called: %s',
  async (text, host, permitted) => {
    const { port } = await inside();
    const result = await get(`http://${host}:${port}/`, allow(text), async () => [LOOPBACK]);
    expect(result.kind).toBe(permitted ? 'reply' : 'refused');
  },
);

test.each(['10.0.0.0/33', '1.2.3', 'http://sms.internal', 'a..b', '*', '[::1]'])(
  'OUTBOUND_ALLOW=%s is invalid',
  (text) => {
    expect(readAllowList(text)).toBeUndefined();
  },
);

test('only http and https are spoken', async () => {
  for (const url of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'no url', 'http://'])
    expect(await get(url, allow('127.0.0.1'))).toMatchObject({ kind: 'refused' });
});

test('method, headers and body arrive as they are, and a bad header is no exception', async () => {
  const { port, requests } = await inside();
  const outbound = createOutbound(allow('127.0.0.1'));
  const url = `http://127.0.0.1:${port}/a?b=c`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  expect(await outbound.request({ method: 'PUT', url, headers, body: 'Tö=1' })).toMatchObject({
    kind: 'reply',
    status: 200,
    body: 'inside',
    complete: true,
  });
  expect(requests[0]).toMatchObject({ method: 'PUT', url: '/a?b=c', body: 'Tö=1', headers });
  expect(await outbound.request({ method: 'GET', url, headers: { authorization: 'a\nb' } })).toMatchObject({
    kind: 'refused',
  });
});

test('a reply is read up to a limit, and its connection is closed then', async () => {
  let closed = false;
  const { port } = await inside((_request, response) => {
    response.on('close', () => {
      closed = true;
    });
    const write = () => {
      while (response.write('x'.repeat(10_000)));
    };
    response.on('drain', write);
    write();
  });
  const outbound = createOutbound(allow('127.0.0.1'));
  const result = await outbound.request({ method: 'GET', url: `http://127.0.0.1:${port}/`, maxBytes: 5_000 });
  expect(result).toMatchObject({ kind: 'reply', status: 200, complete: false });
  expect(result.kind === 'reply' && result.body.length).toBe(5_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(closed).toBe(true);
});

test('a reply that drips is cut off, with its status', async () => {
  const { port } = await inside((_request, response) => {
    const drip = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(drip));
  });
  const outbound = createOutbound(allow('127.0.0.1'));
  const result = await outbound.request({ method: 'GET', url: `http://127.0.0.1:${port}/`, replyMs: 400 });
  expect(result).toMatchObject({ kind: 'reply', status: 200, complete: false });
});

test('silence, garbage and a closed connection end an attempt as started', async () => {
  const garbage = net.createServer((socket) => socket.end('this is no HTTP\r\n\r\n'));
  await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
  stops.push(() => garbage.close());
  const outbound = createOutbound(allow('127.0.0.1'));
  const { port: garbagePort } = garbage.address() as net.AddressInfo;
  expect(await outbound.request({ method: 'GET', url: `http://127.0.0.1:${garbagePort}/` })).toMatchObject({
    kind: 'broken',
    requestStarted: true,
  });
  const { port } = await inside(() => {});
  expect(
    await outbound.request({ method: 'GET', url: `http://127.0.0.1:${port}/`, replyMs: 200 }),
  ).toMatchObject({ kind: 'broken', requestStarted: true, error: 'no reply for 200 ms' });
});

test('those who ask for a host at the same time share one look-up, and a look-up without an end holds nobody', async () => {
  let asked = 0;
  const outbound = createOutbound(NOTHING_ALLOWED, () => {
    asked += 1;
    return new Promise(() => {});
  });
  const calls = Array.from({ length: 10 }, () =>
    outbound.request({ method: 'GET', url: 'http://slow.example/' }),
  );
  for (const result of await Promise.all(calls))
    expect(result).toMatchObject({ kind: 'broken', requestStarted: false });
  expect(asked).toBe(1);
}, 15_000);
