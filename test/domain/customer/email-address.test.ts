import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needsWideMail, normaliseEmailAddress } from '../../../src/domain/customer/email-address.ts';

test.each([
  [' Ada@Example.com ', 'ada@example.com'],
  ['info@müller.de', 'info@xn--mller-kva.de'],
  ['info@XN--MLLER-KVA.de', 'info@xn--mller-kva.de'],
  ['x@STRASSE.de', 'x@strasse.de'],
  ['x@straße.de', 'x@xn--strae-oqa.de'],
  ['a@例え。jp', 'a@xn--r8jz45g.jp'],
  ['Jürgen@Müller.de', 'jürgen@xn--mller-kva.de'],
  ['ju\u0308rgen@example.com', 'jürgen@example.com'],
  ["o'neil+{tag}=x@mail_1.example.co.uk", "o'neil+{tag}=x@mail_1.example.co.uk"],
  ['a@localhost', 'a@localhost'],
])('%j is the address %j', (sent, address) => {
  expect(normaliseEmailAddress(sent)).toBe(address);
});

test.each([
  'a,b@x.de',
  'a;b@x.de',
  'a:b@x.de',
  'a(b)@x.de',
  'a[b]@x.de',
  'a\\b@x.de',
  '"a b"@x.de',
  'a..b@x.de',
  '.a@x.de',
  'a.@x.de',
  'a@x.de.',
  'a@x..de',
  'a@.x.de',
  'a@-x.de',
  'a@[192.0.2.1]',
  'a@192.0.2.1',
  '=?utf-8?q?ada?=@x.de',
  'a@1',
  'ü@192.0.2.1',
  'a@b@c',
  '@x.de',
  'a@',
  'a\u200bb@x.de',
  'a@x\u00ad.de',
  'a@x.de\u200b',
  'a\u202e@x.de',
  'ü\u2060a@x.de',
  'ü a@x.de',
  'ü,a@x.de',
  'Ada <a@x.de>',
  'a@x.de, b@y.de',
  'mailto:a@x.de',
  `a@${'x'.repeat(64)}.de`,
  `${'a'.repeat(400)}@x.de`,
  '',
  17,
  null,
  ['a@x.de'],
])('%j is no address', (sent) => {
  expect(normaliseEmailAddress(sent)).toBeUndefined();
});

test('reading an address again changes nothing, and none has characters with a meaning in a list of recipients', () => {
  const part = fc.string({ unit: 'binary', maxLength: 6 });
  fc.assert(
    fc.property(part, part, (local, domain) => {
      const address = normaliseEmailAddress(`${local}@${domain}.de`);
      if (address === undefined) return;
      expect(normaliseEmailAddress(address)).toBe(address);
      expect(address).toMatch(/^[^\s,;:()[\]<>"\\@\p{C}]+@[a-z0-9_.-]+$/u);
    }),
    { numRuns: 2_000 },
  );
});

test('only a local part beyond ASCII needs a mail server with SMTPUTF8', () => {
  expect(needsWideMail('info@xn--mller-kva.de')).toBe(false);
  expect(needsWideMail('jürgen@example.com')).toBe(true);
});
