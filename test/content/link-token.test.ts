import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinkToken, type LinkPurpose, readLinkToken } from '../../src/content/link-token.ts';

const PURPOSES: LinkPurpose[] = ['unsubscribe', 'preferences', 'erase'];
const claims = fc.record({
  id: fc.string({ minLength: 1, maxLength: 60 }),
  expiresAt: fc.integer({ min: 1, max: 8e15 }),
  address: fc.option(fc.string({ minLength: 1, maxLength: 40 })),
});
const secret = fc.string({ minLength: 1, maxLength: 30 });

test('a link is read for its own purpose only, under the current or the previous secret, and expires', () => {
  fc.assert(
    fc.property(
      claims,
      fc.constantFrom(...PURPOSES),
      secret,
      fc.uniqueArray(secret, { minLength: 3, maxLength: 3 }),
      (link, purpose, by, [next = '', third = '', fourth = '']) => {
        fc.pre(![next, third, fourth].includes(by));
        const token = createLinkToken(purpose, link, by);
        const read = (as: LinkPurpose, current: string, previousSecret?: string | null, now = 0) =>
          readLinkToken(as, token, { secret: current, previousSecret, now });
        const found = [read(purpose, by), read(purpose, next, by), read(purpose, by, next)];
        expect(found.map((known) => known?.id)).toEqual([link.id, link.id, link.id]);
        for (const known of found) {
          expect(known?.wasSentTo([link.address ?? 'x'])).toBe(true);
          expect(known?.wasSentTo([`${link.address}.`])).toBe(link.address === null);
        }
        expect(read(purpose, next, third)).toBeNull();
        expect(read(purpose, next, null)).toBeNull();
        for (const other of PURPOSES) if (other !== purpose) expect(read(other, by)).toBeNull();
        const isExpired = (now: number) => read(purpose, by, null, now)?.isExpired;
        expect([isExpired(link.expiresAt - 1), isExpired(link.expiresAt)]).toEqual([false, true]);
        if (link.address !== null) expect(token).not.toContain(link.address.length > 5 ? link.address : ' ');
      },
    ),
  );
});

test('a token with any character changed, added or removed is not read, nor is garbage', () => {
  const SECRETS = { secret: 'a secret', previousSecret: 'an earlier one', now: 0 };
  fc.assert(
    fc.property(
      claims,
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 3 }),
      fc.string(),
      (link, at, text, junk) => {
        const token = createLinkToken('preferences', link, SECRETS.secret);
        const place = at % token.length;
        const replaced = token.slice(0, place) + text + token.slice(place + 1);
        const removed = token.slice(0, place) + token.slice(place + 1);
        for (const other of [replaced, removed, token + text, text + token, `${token}.`, `.${token}`, junk])
          if (other !== token) expect(readLinkToken('preferences', other, SECRETS)).toBeNull();
      },
    ),
  );
});
