import { forEachOf, type Part } from '../part.ts';
import { readStatuses, sendRaw } from '../raw.ts';

/** A request that must not be taken for one of its own: it stands in the body of another. */
const HIDDEN = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';

interface Trick {
  name: string;
  bytes: string;
}

const post = (headers: string, body: string, newline = '\r\n') =>
  `POST /v1/track HTTP/1.1${newline}Host: x${newline}${headers}${newline}${newline}${body}`;
const LENGTH = `Content-Length: ${HIDDEN.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';

/** Requests about whose length two servers may disagree. */
const TRICKS: Trick[] = [
  { name: 'both lengths', bytes: post(`${LENGTH}\r\n${CHUNKED}`, `0\r\n\r\n${HIDDEN}`) },
  {
    name: 'both lengths, the other way round',
    bytes: post(`${CHUNKED}\r\nContent-Length: 4`, `0\r\n\r\n${HIDDEN}`),
  },
  { name: 'two lengths', bytes: post(`Content-Length: 0\r\n${LENGTH}`, HIDDEN) },
  { name: 'two lengths in one header', bytes: post(`Content-Length: 0, ${HIDDEN.length}`, HIDDEN) },
  { name: 'a length with a sign', bytes: post('Content-Length: +0', HIDDEN) },
  { name: 'a negative length', bytes: post('Content-Length: -1', HIDDEN) },
  { name: 'a hexadecimal length', bytes: post('Content-Length: 0x0', HIDDEN) },
  { name: 'a length with a fraction', bytes: post('Content-Length: 0.0', HIDDEN) },
  { name: 'a huge length', bytes: post(`Content-Length: ${'9'.repeat(30)}`, HIDDEN) },
  { name: 'a space before the colon', bytes: post(`Content-Length : 0\r\n${CHUNKED}`, `0\r\n\r\n${HIDDEN}`) },
  {
    name: 'a tab before the colon',
    bytes: post('Transfer-Encoding\t: chunked\r\nContent-Length: 0', HIDDEN),
  },
  { name: 'an unknown coding', bytes: post(`Transfer-Encoding: xchunked\r\n${LENGTH}`, HIDDEN) },
  {
    name: 'chunked, then identity',
    bytes: post(`Transfer-Encoding: chunked, identity\r\n${LENGTH}`, HIDDEN),
  },
  {
    name: 'identity, then chunked',
    bytes: post(`Transfer-Encoding: identity\r\n${CHUNKED}\r\n${LENGTH}`, `0\r\n\r\n${HIDDEN}`),
  },
  {
    name: 'chunked twice',
    bytes: post(`Transfer-Encoding: chunked, chunked\r\n${LENGTH}`, `0\r\n\r\n${HIDDEN}`),
  },
  { name: 'chunked in quotes', bytes: post(`Transfer-Encoding: "chunked"\r\n${LENGTH}`, HIDDEN) },
  {
    name: 'chunked behind a vertical tab',
    bytes: post(`Transfer-Encoding: \u000bchunked\r\n${LENGTH}`, `0\r\n\r\n${HIDDEN}`),
  },
  {
    name: 'a folded header',
    bytes: post(`Transfer-Encoding:\r\n chunked\r\n${LENGTH}`, `0\r\n\r\n${HIDDEN}`),
  },
  { name: 'a header that begins with a space', bytes: post(` ${CHUNKED}\r\n${LENGTH}`, HIDDEN) },
  { name: 'NUL in a header', bytes: post(`Transfer-Encoding: chunked\u0000\r\n${LENGTH}`, HIDDEN) },
  { name: 'lines that end with LF', bytes: post(`Content-Length: 0\n${CHUNKED}`, `0\n\n${HIDDEN}`, '\n') },
  { name: 'lines that end with CR', bytes: post(`${CHUNKED}\rContent-Length: 0`, `0\r\n\r\n${HIDDEN}`) },
  { name: 'a chunk size that overflows', bytes: post(CHUNKED, `${'f'.repeat(17)}\r\n${HIDDEN}`) },
  { name: 'a negative chunk size', bytes: post(CHUNKED, `-1\r\n${HIDDEN}`) },
  { name: 'a chunk size with 0x', bytes: post(CHUNKED, `0x0\r\n\r\n${HIDDEN}`) },
  { name: 'a chunk that is longer than its size', bytes: post(CHUNKED, `1\r\nab\r\n0\r\n\r\n${HIDDEN}`) },
  { name: 'a chunk extension with LF', bytes: post(CHUNKED, `1;\nx\r\n0\r\n\r\n${HIDDEN}`) },
  {
    name: 'a chunk extension that does not end',
    bytes: post(CHUNKED, `1;${'a'.repeat(40_000)}\r\nx\r\n0\r\n\r\n`),
  },
  {
    name: 'chunked in HTTP/1.0',
    bytes: post(`${CHUNKED}\r\n${LENGTH}`, `0\r\n\r\n${HIDDEN}`).replace('HTTP/1.1', 'HTTP/1.0'),
  },
  {
    name: 'a length in the trailer',
    bytes: post(CHUNKED, `0\r\nContent-Length: 40\r\n\r\n`) + HIDDEN.slice(0, 0),
  },
];

/** A body that one server ends elsewhere than another would let a request pass unseen. */
export const smuggling: Part = {
  name: 'smuggling',
  what: 'requests whose end is ambiguous',
  share: null,
  async run({ target, tally }) {
    await forEachOf(TRICKS, async ({ name, bytes }) => {
      const began = performance.now();
      const statuses = readStatuses(await sendRaw(target.url, bytes));
      tally.tried++;
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began);
      if (statuses.some((status) => status >= 500)) tally.serverErrors++;
      if (statuses.some((status) => status >= 500 || status === 200))
        tally.report(`${name}: answered ${statuses.join(', ')}`, bytes);
    });
    // A control: a request behind another one is answered, if both are as they should be.
    const key = `Authorization: Bearer ${target.home.write}`;
    const two = post(`Content-Type: application/json\r\n${key}\r\nContent-Length: 2`, '{}') + HIDDEN;
    const statuses = readStatuses(await sendRaw(target.url, two));
    tally.tried++;
    if (statuses.join() !== '200,200')
      tally.report(`two requests in a row: answered ${statuses.join(', ')}`, two);
  },
};
