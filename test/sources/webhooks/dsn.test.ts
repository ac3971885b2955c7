import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Receipt } from '../../../src/domain/receipt.ts';
import { dsn } from '../../../src/sources/webhooks/dsn.ts';
import { readMailReport } from '../../../src/sources/webhooks/mail-report.ts';
import { ROOT } from '../../support/paths.ts';

const RECEIVED = Date.UTC(2026, 10, 12, 11);
const SOURCE = {
  id: 'bounces',
  kind: 'dsn',
  customer: {},
  settings: {},
  evaluate: () => ({ ok: false as const, error: 'none' }),
};

const load = (file: string) => readFileSync(path.join(ROOT, 'test/sources/payloads/dsn', `${file}.eml`));

async function read(raw: Buffer) {
  return dsn.read({ url: '', headers: {}, body: await readMailReport(raw), receivedAt: RECEIVED }, SOURCE);
}

test.each<[string, Partial<Receipt> | 'ignored']>([
  ['postfix-unknown-user', { kind: 'bounced', permanent: true, reason: '5.1.1 550' }],
  ['postfix-mailbox-full', { kind: 'bounced', permanent: false, reason: '5.2.2 552' }],
  ['postfix-expired', { kind: 'bounced', permanent: false, reason: '4.4.7' }],
  ['postfix-delivered', { kind: 'delivered' }],
  ['exchange', { kind: 'bounced', permanent: true, recipient: 'Helen@Example.com', reason: '5.1.10 550' }],
  ['complaint', { kind: 'complained', reason: 'abuse' }],
  ['postfix-delayed', 'ignored'],
  ['postfix-not-ours', 'ignored'],
  ['auto-reply', 'ignored'],
])('%s', async (file, expected) => {
  const reading = await read(load(file));
  if (expected === 'ignored') return expect(reading.kind).toBe('ignored');
  if (reading.kind !== 'messages') throw new Error(reading.reason);
  expect(reading.messages).toMatchObject([
    {
      kind: 'receipt',
      receipt: {
        channel: 'email',
        deliveryId: 'dlv_01a2237c_1_4_0',
        recipient: 'helen@example.com',
        at: expect.any(Number),
        ...expected,
      },
    },
  ]);
});

test('without an envelope id the Message-ID of the returned mail leads to the delivery, or what is answered', async () => {
  const mail = load('exchange').toString();
  for (const changed of [
    mail.replace(/^(In-Reply-To|References):.*\r\n/gm, ''),
    mail.replace(/^Message-ID: <dlv.*\r\n/gm, ''),
  ])
    expect(await read(Buffer.from(changed))).toMatchObject({
      messages: [{ receipt: { deliveryId: 'dlv_01a2237c_1_4_0' } }],
    });
});

test('what is kept of a mail has neither its text nor the content of the returned mail', async () => {
  const kept = (await readMailReport(load('exchange'))).toString();
  expect(kept).not.toContain('A secret of the customer');
  expect(kept).not.toContain('The address you sent to');
});

test('the same report again has the same id, and each recipient one of its own', async () => {
  const mail = load('postfix-unknown-user').toString();
  const two = mail.replace(/(Final-Recipient: [\s\S]*?\r\n)\r\n/, '$1\r\n$1\r\n');
  const idsOf = async (text: string) => {
    const reading = await read(Buffer.from(text));
    if (reading.kind !== 'messages') throw new Error(reading.reason);
    return reading.messages.map((message) => message.kind === 'receipt' && message.receipt.id);
  };
  expect(await idsOf(mail)).toEqual(await idsOf(mail));
  const ids = await idsOf(two);
  expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
});

test('no bytes make reading throw', async () => {
  const mail = load('exchange');
  const mutated = fc
    .tuple(fc.nat(mail.length - 1), fc.nat(40), fc.uint8Array({ maxLength: 20 }))
    .map(([at, drop, bytes]) => Buffer.concat([mail.subarray(0, at), bytes, mail.subarray(at + drop)]));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        mutated,
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
      async (raw) => {
        expect(['messages', 'ignored', 'unreadable']).toContain((await read(raw)).kind);
      },
    ),
    { numRuns: 200 },
  );
});
