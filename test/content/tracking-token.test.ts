import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createClickToken,
  createOpenToken,
  isWebAddress,
  readClickToken,
  readOpenToken,
} from '../../src/content/tracking-token.ts';

const MESSAGE = { workspace: 'aroma', deliveryId: 'dlv_01a2237c_1_4_0', expiresAt: 1_000 };
const SECRETS = { secret: 'now', previousSecret: 'before', now: 5 };
const LINK = { url: 'https://shop.example/?a=1&b=ü#part', position: 3 };

test('a token leads where it was made for, under either secret, and says when it is old', () => {
  for (const secret of ['now', 'before'])
    expect(readClickToken(createClickToken(MESSAGE, LINK, secret), SECRETS)).toEqual({
      workspace: 'aroma',
      deliveryId: MESSAGE.deliveryId,
      isExpired: false,
      ...LINK,
    });
  const open = createOpenToken(MESSAGE, 'now');
  expect(readOpenToken(open, { ...SECRETS, now: 1_000 })).toMatchObject({ isExpired: true });
  expect(readOpenToken(open, { secret: 'other', now: 5 })).toBeNull();
  expect(readClickToken(open, SECRETS)).toBeNull();
  expect(readOpenToken(createClickToken(MESSAGE, LINK, 'now'), SECRETS)).toBeNull();
});

test('no open redirect: a token that was changed anywhere leads nowhere', () => {
  const token = createClickToken(MESSAGE, LINK, 'now');
  const changed = fc.oneof(
    fc
      .tuple(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.%'))
      .map(([at, sign]) => token.slice(0, at) + sign + token.slice(at + 1)),
    fc.nat(token.length - 1).map((end) => token.slice(0, end)),
    fc.webUrl().map((url) => token.split('.').with(3, Buffer.from(url).toString('base64url')).join('.')),
    fc.string(),
  );
  fc.assert(
    fc.property(changed, (other) => {
      fc.pre(other !== token);
      expect(readClickToken(other, SECRETS)).toBeNull();
    }),
  );
});

test('a link leads to a page of the web only, even if it was signed', () => {
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'mailto:a@b.example',
    'https://user:pass@shop.example',
    'https://shop.example/ x',
    'https://shop.example/\r\nSet-Cookie: a',
    'ftp://shop.example',
    'https://',
    '',
  ]) {
    expect(isWebAddress(url)).toBe(false);
    expect(readClickToken(createClickToken(MESSAGE, { url, position: 0 }, 'now'), SECRETS)).toBeNull();
  }
});
