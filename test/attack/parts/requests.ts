import type { Request } from '../http.ts';
import { forEachOf, type Part } from '../part.ts';
import { readStatuses, sendRaw } from '../raw.ts';
import { fillPath } from '../records.ts';

const METHODS = ['HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'PUT', 'POST', 'GET', 'SEARCH'];
const HEADERS: Record<string, string>[] = [
  { 'x-http-method-override': 'GET' },
  { 'x-original-url': '/healthz' },
  { 'x-rewrite-url': '/healthz' },
  { 'x-forwarded-for': '127.0.0.1' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-forwarded-prefix': '/healthz' },
  { 'x-request-id': 'a'.repeat(5_000) },
  { 'x-request-id': '<script>' },
  { forwarded: 'for=127.0.0.1;host=evil.example' },
  { host: 'evil.example' },
  { origin: 'null' },
  { 'accept-language': 'a'.repeat(3_000) },
  { accept: '*/*;q='.repeat(500) },
  { 'if-none-match': `"${'a'.repeat(4_000)}"` },
  { 'idempotency-key': 'a'.repeat(3_000) },
  { 'idempotency-key': '\u00ff\u00fe' },
  { range: `bytes=${'0-,'.repeat(1_000)}` },
];

/** Other ways to write a path. Whoever has no key must not get in by any of them. */
function disguise(path: string): string[] {
  const [first = '', ...rest] = path.slice(1).split('/');
  const tail = rest.join('/');
  return [
    `/${path}`,
    `${path}/`,
    `${path}//`,
    `/.${path}`,
    `/${first}/./${tail}`,
    `/x/..${path}`,
    `/healthz/..${path}`,
    `/healthz/%2e%2e${path}`,
    `/healthz/..;${path}`,
    `${path};x=1`,
    `${path}%00`,
    `${path}%20`,
    `${path}.json`,
    `${path}?`,
    `${path}#healthz`,
    path.toUpperCase(),
    path.replaceAll('/', '%2f'),
    path.replaceAll('/', '\\'),
    `/${encodeURIComponent(first)}%2F${tail}`,
    path.replace('v1', 'v%31'),
    path.replace('/v1', '/V1'),
  ];
}

/** Paths, methods and headers that mean something else to some servers, and more than a server should read. */
export const requests: Part = {
  name: 'requests',
  what: 'tricks with paths, methods and headers, without a key',
  share: null,
  async run({ target, tally, short }) {
    const { home, url } = target;
    const all = target.calls
      .filter(({ access, path }) => access.kind !== 'open' && path !== '/v1/projects/{writeKey}/settings')
      .map((call) => ({ call, path: fillPath(call, home.parameters) }));
    const some = short ? all.slice(0, 12) : all;
    const tried: Request[] = some.flatMap(({ call, path }) => [
      ...disguise(path).map((each) => ({ method: call.method, path: each, ...bodyFor(call.method) })),
      ...METHODS.map((method) => ({ method, path, ...bodyFor(method) })),
      ...HEADERS.map((headers) => ({ method: call.method, path, headers })),
    ]);
    await forEachOf(tried, async (request) => {
      const answer = tally.count(request, await target.http.send(request), { mayEnd: true });
      // Which methods a path has, the document says, too.
      const isPreflight = request.method === 'OPTIONS' && answer.text.length < 50;
      if (answer.status >= 200 && answer.status < 300 && !isPreflight)
        tally.report(`answered ${answer.status} without a key`, request);
      if (answer.text.includes(home.canary)) tally.report('the answer has data of a customer', request);
    });
    const raw: [string, number[]][] = [
      [`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`, [431]],
      [`GET /healthz HTTP/1.1\r\nHost: x\r\n${'X-Many: 1\r\n'.repeat(3_000)}\r\n`, [431, 200]],
      [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [414, 431, 404]],
      [`GET /v1/customers?q=${'%41'.repeat(4_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [400, 401, 414, 431]],
      ['GET /v1/customers/\u00ff\u00fe HTTP/1.1\r\nHost: x\r\n\r\n', [400, 401, 404]],
      ['GET /v1/customers/a b HTTP/1.1\r\nHost: x\r\n\r\n', [400, 401]],
      ['GET /v1/customers/\u0000 HTTP/1.1\r\nHost: x\r\n\r\n', [400, 401]],
      ['GET http://evil.example/v1/customers HTTP/1.1\r\nHost: x\r\n\r\n', [400, 401, 404]],
      ['GET http:///v1/customers HTTP/1.1\r\nHost: x\r\n\r\n', [400, 401, 404]],
      ['GET * HTTP/1.1\r\nHost: x\r\n\r\n', [400, 404]],
      ['CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', []],
      ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
      ['GET /v1/customers HTTP/1.1\r\n\r\n', [400, 401]],
      ['GET /v1/customers HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', [400, 401]],
      ['GET /v1/customers HTTP/9.9\r\nHost: x\r\n\r\n', [400, 505]],
      ['GET /v1/customers\r\n\r\n', [400, 401]],
      ['\r\n\r\n\r\n', []],
      ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000', [400]],
      [
        'GET /v1/customers HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\n\r\n',
        [400, 401],
      ],
      [
        'GET /v1/customers HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAA\r\n\r\n',
        [400, 401],
      ],
      ['POST /v1/track HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n', [100, 401]],
      ['POST /v1/track HTTP/1.1\r\nHost: x\r\nExpect: the-unexpected\r\nContent-Length: 2\r\n\r\n', [417]],
    ];
    await forEachOf(raw, async ([bytes, statuses]) => {
      const began = performance.now();
      const answers = readStatuses(await sendRaw(url, bytes));
      tally.tried++;
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began);
      if (answers.some((status) => !statuses.includes(status)))
        tally.report(`answered ${answers.join(', ')}, not ${statuses.join(' or ')}`, bytes);
    });
  },
};

const bodyFor = (method: string) => (['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{}' } : {});
