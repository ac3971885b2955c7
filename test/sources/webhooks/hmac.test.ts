import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hasHmac, isLiveSecret } from '../../../src/sources/webhooks/hmac.ts';

const BODY = Buffer.from('{"a": "ä"}');
const sign = (algorithm: string, encoding: 'base64' | 'hex', key = 'secret') =>
  createHmac(algorithm, key).update('1.').update(BODY).digest(encoding);

test.each([
  ['sha256', 'base64'],
  ['sha256', 'hex'],
  ['sha1', 'base64'],
  ['sha1', 'hex'],
] as const)('%s in %s is verified over all parts', (algorithm, encoding) => {
  const scheme = { algorithm, encoding };
  const signature = sign(algorithm, encoding);
  expect(hasHmac(scheme, ['1.', BODY], [signature], ['secret'])).toBe(true);
  expect(hasHmac(scheme, ['2.', BODY], [signature], ['secret'])).toBe(false);
  expect(hasHmac(scheme, ['1.', BODY], [signature], ['other'])).toBe(false);
  expect(hasHmac(scheme, ['1.', BODY], ['x', ` ${signature}\n`], ['other', 'secret'])).toBe(true);
});

test('hex may be in capital letters, base64 may not', () => {
  const hex = { algorithm: 'sha256', encoding: 'hex' } as const;
  const base64 = { algorithm: 'sha256', encoding: 'base64' } as const;
  expect(hasHmac(hex, ['1.', BODY], [sign('sha256', 'hex').toUpperCase()], ['secret'])).toBe(true);
  expect(hasHmac(base64, ['1.', BODY], [sign('sha256', 'base64').toUpperCase()], ['secret'])).toBe(false);
});

test.each(['', 'a', 'é'.repeat(44), '\u0000', 'A'.repeat(100_000)])(
  'a signature of any length is compared without an error',
  (signature) => {
    const scheme = { algorithm: 'sha256', encoding: 'base64' } as const;
    expect(hasHmac(scheme, [BODY], [signature], ['secret'])).toBe(false);
  },
);

test('a token that is sent as it is must be one of the live secrets', () => {
  expect(isLiveSecret('one', ['one', 'two'])).toBe(true);
  expect(isLiveSecret('two', ['one', 'two'])).toBe(true);
  expect(isLiveSecret('three', ['one', 'two'])).toBe(false);
  expect(isLiveSecret('', [''])).toBe(true);
  expect(isLiveSecret(undefined, ['', 'one'])).toBe(false);
  expect(isLiveSecret('one', [])).toBe(false);
});
