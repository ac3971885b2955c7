import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip } from 'node:zlib';
import type { Request } from '../http.ts';
import type { Part } from '../part.ts';

const BOMB_BYTES = 200_000_000;
const DEPTH = 100_000;

/** Bodies that grow when they are unpacked or parsed, and bodies that are not what they say. */
export const bodies: Part = {
  name: 'bodies',
  what: 'compression bombs, deep JSON and broken bodies',
  share: null,
  async run({ target, tally, short }) {
    const { write, api } = target.home;
    const bombBytes = short ? BOMB_BYTES / 10 : BOMB_BYTES;
    const zeros = Buffer.alloc(bombBytes, '0');
    const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    // Not in this thread, in which the good client runs.
    const pack = promisify(gzip);
    const gzipped = await pack(zeros);
    const twice = await pack(gzipped);
    const packed: [string, Buffer][] = [
      ['gzip', gzipped],
      ['deflate', await promisify(deflate)(zeros)],
      ['br', await promisify(brotliCompress)(zeros, quick)],
      ['gzip', twice],
      ['gzip, gzip', twice],
      ['gzip', gzipped.subarray(0, 1_000)],
      ['gzip', Buffer.from('not packed')],
      ['br', Buffer.from('not packed')],
      ['zstd', Buffer.from('not packed')],
      ['x-unknown', Buffer.from('{}')],
    ];
    const texts: (string | Buffer)[] = [
      `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
      `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
      '['.repeat(DEPTH),
      `{"userId":"u","event":"X","properties":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
      `{"userId":"u","event":"X","properties":{"a":${'9'.repeat(200_000)}}}`,
      `{"userId":"u","event":"X","properties":{"a":1e${'9'.repeat(1_000)}}}`,
      `{${'"a":1,'.repeat(20_000)}"a":1}`,
      `{"userId":"u","event":"X","properties":{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}}`,
      '{"__proto__":{"userId":"u"},"event":"X"}',
      '{"userId":"u","userId":"v","event":"X"}',
      '{"userId":"\\ud800","event":"\\u0000"}',
      Buffer.from('7b22757365724964223a22ff22c3287d', 'hex'),
      Buffer.from('\ufeff{"userId":"u","event":"X"}', 'utf16le'),
      `"${'a'.repeat(6_000_000)}"`,
      '',
      ' ',
      'null',
      '0',
      '"x"',
      '[]',
      '{',
      'NaN',
      "{'a':1}",
      '{"a":1}}',
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ];
    const types = [
      'application/json; charset=utf-16',
      'application/json; charset=utf-7',
      'application/json; charset=x',
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'a'.repeat(3_000),
      'application/json;'.repeat(300),
    ];
    const places: Request[] = [
      { method: 'POST', path: '/v1/track', key: write },
      { method: 'POST', path: '/v1/batch', key: write },
      { method: 'POST', path: '/v1/cloudevents', key: write },
      { method: 'POST', path: '/v1/customers/lookup', key: api },
      { method: 'POST', path: '/v1/config/preview', key: api },
      { method: 'POST', path: '/v1/decisions', key: api },
    ];
    const requests = places.flatMap((place) => [
      ...packed.map(([encoding, body]) => ({ ...place, body, headers: { 'content-encoding': encoding } })),
      ...texts.map((body) => ({ ...place, body })),
      ...types.map((type) => ({ ...place, body: '{}', headers: { 'content-type': type } })),
    ]);
    // One after the other: what one of them takes is to be seen. A server may hang up on a body that is too large.
    for (const request of requests)
      tally.expect(request, await target.http.send(request), [0, 200, 400, 404, 413, 415, 422]);
  },
};
