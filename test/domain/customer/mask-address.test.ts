import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { maskAddress } from '../../../src/domain/customer/mask-address.ts';

test.each([
  ['helen@example.com', 'h•••@e•••.com'],
  ['a@b.example', 'a•••@b•••.example'],
  ['zoë@xn--bcher-kva.example', 'z•••@x•••.example'],
  ['😀@x', '😀•••@x•••'],
  ['"a@b"@example.com', '"•••@e•••.com'],
  ['+491701234567', '+49 ••• 67'],
  ['customer', null],
  ['@example.com', null],
  ['c2VjcmV0LXRva2Vu', null],
])('%s is shown as %s', (address, masked) => {
  expect(maskAddress(address)).toBe(masked);
});

it('never shows more than the first sign of a mailbox, or the last two digits of a number', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      const mailbox = address.slice(0, address.lastIndexOf('@'));
      if (mailbox.length > 1) expect(maskAddress(address)).not.toContain(mailbox);
      expect(maskAddress(address)).toContain('•••@');
    }),
  );
});
