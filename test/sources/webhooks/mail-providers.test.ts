import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Receipt } from '../../../src/domain/receipt.ts';
import { findWebhookKind } from '../../../src/sources/webhooks/kinds.ts';
import type { WebhookKind, WebhookReading } from '../../../src/sources/webhooks/webhook-kind.ts';
import { ROOT } from '../../support/paths.ts';

const RECEIVED = Date.UTC(2026, 10, 12, 11);
const DELIVERY = 'dlv_01a2237c_1_4_0';
const at = (time: string) => Date.parse(`2026-11-12T${time}Z`);

const source = (kind: string) => ({
  id: 'source',
  kind,
  customer: {},
  settings: {},
  evaluate: () => ({ ok: false as const, error: 'none' }),
});

function load(kind: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, 'test/sources/payloads', kind, `${file}.json`), 'utf8'));
}

function read(kind: string, payload: unknown, headers: Record<string, string> = {}): WebhookReading {
  return (findWebhookKind(kind) as WebhookKind).read(
    { url: '', headers, body: Buffer.from(JSON.stringify(payload)), receivedAt: RECEIVED },
    source(kind),
  );
}

function receiptsOf(reading: WebhookReading): Receipt[] {
  if (reading.kind !== 'messages') throw new Error(`${reading.kind}: ${reading.reason}`);
  return reading.messages.flatMap((message) => (message.kind === 'receipt' ? [message.receipt] : []));
}

type Row = [file: string, expected: Partial<Receipt> | 'ignored'];

test.each<Row>([
  ['email-sent', 'ignored'],
  ['email-delivery_delayed', 'ignored'],
  ['email-delivered', { kind: 'delivered', at: at('10:15:00') }],
  ['email-opened', { kind: 'opened', at: at('10:20:00') }],
  ['email-clicked', { kind: 'clicked', at: at('10:21:00'), url: 'https://aroma.example/espresso' }],
  ['email-bounced', { kind: 'bounced', permanent: true, reason: 'Permanent General 550 5.1.1' }],
  ['email-complained', { kind: 'complained' }],
  ['email-failed', { kind: 'bounced', permanent: false, reason: 'failed reached_daily_quota' }],
  ['email-suppressed', { kind: 'bounced', permanent: true, reason: 'suppressed' }],
])('resend: %s', (file, expected) => {
  const reading = read('resend', load('resend', file), { 'svix-id': 'msg_2b5kGZ' });
  if (expected === 'ignored') return expect(reading.kind).toBe('ignored');
  expect(receiptsOf(reading)).toEqual([
    {
      channel: 'email',
      deliveryId: DELIVERY,
      providerId: '56761188-7520-42d8-8898-ff6fc54ce618',
      at: at('10:15:00'),
      id: 'msg_2b5kGZ',
      ...expected,
    },
  ]);
});

test('resend: a bounce that its details call transient does not suppress', () => {
  const payload = load('resend', 'email-bounced') as { data: { bounce: object } };
  payload.data.bounce = { type: 'Transient', subType: 'MailboxFull', message: 'full' };
  expect(receiptsOf(read('resend', payload))).toMatchObject([
    { permanent: false, reason: 'Transient MailboxFull' },
  ]);
});

test('resend: tags as a list, as requests have them, are read too', () => {
  const payload = load('resend', 'email-delivered') as { data: { tags: unknown } };
  payload.data.tags = [{ name: 'delivery_id', value: DELIVERY }];
  expect(receiptsOf(read('resend', payload))).toMatchObject([{ deliveryId: DELIVERY }]);
});

const SENDGRID: Record<string, Partial<Receipt>> = {
  sg_event_2: { kind: 'delivered' },
  sg_event_3: { kind: 'opened', automatic: true },
  sg_event_4: { kind: 'opened' },
  sg_event_5: { kind: 'clicked', url: 'https://aroma.example/espresso' },
  sg_event_6: { kind: 'bounced', permanent: true, reason: 'bounce Invalid Address 5.1.1 550' },
  sg_event_7: { kind: 'bounced', permanent: false, reason: 'blocked Mailbox Unavailable 4.2.2 452' },
  sg_event_8: { kind: 'bounced', permanent: true, reason: 'dropped Bounced Address' },
  sg_event_9: { kind: 'bounced', permanent: false, reason: 'dropped Spam Content' },
  sg_event_10: { kind: 'complained' },
  sg_event_11: { kind: 'unsubscribed' },
  sg_event_12: { kind: 'unsubscribed' },
};

test('sendgrid: of a list, every event about the arrival of a mail is a receipt with its own id and time', () => {
  const receipts = receiptsOf(read('sendgrid', load('sendgrid', 'events')));
  expect(Object.fromEntries(receipts.map((receipt) => [receipt.id, receipt]))).toMatchObject(SENDGRID);
  expect(receipts).toHaveLength(Object.keys(SENDGRID).length);
  for (const receipt of receipts)
    expect(receipt).toMatchObject({
      deliveryId: DELIVERY,
      at: (1_794_478_500 + Number(receipt.id.replace('sg_event_', ''))) * 1_000,
    });
  expect(receipts.find(({ id }) => id === 'sg_event_4')).not.toHaveProperty('automatic');
});

test('sendgrid: without the custom argument the Message-ID leads to the delivery', () => {
  const [event] = (load('sendgrid', 'events') as Record<string, unknown>[]).filter((e) => e.event === 'open');
  const { delivery_id: _, ...rest } = event as Record<string, unknown>;
  expect(receiptsOf(read('sendgrid', [rest]))).toMatchObject([{ deliveryId: DELIVERY }]);
});

test.each<Row>([
  ['delivery', { kind: 'delivered', at: at('10:15:00'), id: `Delivery:${'M'}:2026-11-12T10:15:00Z` }],
  ['bounce', { kind: 'bounced', permanent: true, reason: 'HardBounce 1 550 5.1.1', at: at('10:16:00') }],
  ['bounce-soft', { kind: 'bounced', permanent: false, reason: 'SoftBounce 4096 452 4.2.2' }],
  ['bounce-transient', 'ignored'],
  ['bounce-unsubscribe', { kind: 'unsubscribed' }],
  ['spam-complaint', { kind: 'complained' }],
  ['open', { kind: 'opened', at: at('10:20:00') }],
  ['click', { kind: 'clicked', at: at('10:21:00'), url: 'https://aroma.example/espresso' }],
  ['subscription-change', { kind: 'unsubscribed', at: at('10:22:00') }],
])('postmark: %s', (file, expected) => {
  const reading = read('postmark', load('postmark', file));
  if (expected === 'ignored') return expect(reading.kind).toBe('ignored');
  const [receipt] = receiptsOf(reading);
  const { id, ...facts } = expected;
  expect(receipt).toMatchObject({
    channel: 'email',
    deliveryId: DELIVERY,
    providerId: '883953f4-6105-42a2-a16a-77a8eac79483',
    ...facts,
  });
  if (id) expect(receipt?.id).toBe(id.replace(':M:', `:${receipt?.providerId}:`));
});

test('postmark: two bounces have ids of their own, and the same bounce again has the same', () => {
  const bounce = load('postmark', 'bounce') as Record<string, unknown>;
  const idOf = (payload: unknown) => receiptsOf(read('postmark', payload))[0]?.id;
  expect(idOf(bounce)).toBe(idOf({ ...bounce, BouncedAt: '2026-11-12T10:17:00Z' }));
  expect(idOf(bounce)).not.toBe(idOf({ ...bounce, ID: 7 }));
});

test('postmark: a header of one’s own may hold the secret', () => {
  const kind = findWebhookKind('postmark') as WebhookKind;
  const settings = { header: 'X-Webhook-Secret' };
  const request = (headers: Record<string, string>) => ({
    url: '',
    headers,
    body: Buffer.from('{}'),
    receivedAt: RECEIVED,
  });
  const verify = (headers: Record<string, string>) =>
    kind.verify(request(headers), ['the-secret-of-this'], { ...source('postmark'), settings }).kind;
  expect(verify({ 'x-webhook-secret': 'the-secret-of-this' })).toBe('genuine');
  expect(verify({ 'x-webhook-secret': 'another' })).toBe('refused');
  expect(verify({})).toBe('refused');
  expect(kind.checkSettings?.(settings)).toEqual([]);
  expect(kind.checkSettings?.({ header: 'two words', stream: 1 })).toHaveLength(2);
});

test.each([
  [
    'resend',
    'email-delivered',
    (payload: { data: object }) => ({ ...payload, data: { ...payload.data, tags: {} } }),
  ],
  ['postmark', 'delivery', (payload: object) => ({ ...payload, Metadata: {} })],
  [
    'sendgrid',
    'events',
    (payload: object[]) =>
      payload.map((event) => ({ ...event, delivery_id: 'cmp_7', 'smtp-id': '<7@other.example>' })),
  ],
])('%s: mails that another program has sent through the account are ignored', (kind, file, change) => {
  expect(read(kind, change(load(kind, file) as never)).kind).toBe('ignored');
});

test.each([
  ['resend', { created_at: 'x' }, 'expected type to be the name of an event, found nothing'],
  ['resend', { type: 'email.bounced', data: [] }, 'expected data to be an object, found a list'],
  ['resend', { type: 7.5, data: {} }, null],
  ['sendgrid', { event: 'open' }, 'expected the body to be a list of events, found an object'],
  ['sendgrid', ['open'], 'expected [0] to be an event, found a text'],
  ['sendgrid', [{ sg_event_id: 'x' }], 'expected [0].event to be the name of an event, found nothing'],
  ['postmark', { MessageID: 'x' }, 'expected RecordType to be the name of a record, found nothing'],
  [
    'postmark',
    { RecordType: 'Bounce', Metadata: { delivery_id: DELIVERY } },
    'expected Type to be a type of bounces, found nothing',
  ],
])('%s: %j says what was expected', (kind, payload, reason) => {
  const reading = read(kind, payload);
  if (reason === null) return expect(reading.kind).toBe('ignored');
  expect(reading).toMatchObject({ kind: 'unreadable', code: 'unexpected_payload', reason });
});

test('a time in the future is no later than the receipt, and an unreadable one is that of the receipt', () => {
  const payload = load('postmark', 'delivery') as object;
  for (const DeliveredAt of ['2036-01-01T00:00:00Z', 'yesterday', null])
    expect(receiptsOf(read('postmark', { ...payload, DeliveredAt }))[0]?.at).toBe(RECEIVED);
});

test('no reason of a receipt names the address', () => {
  const reasons = [
    ...receiptsOf(read('resend', load('resend', 'email-bounced'))),
    ...receiptsOf(read('sendgrid', load('sendgrid', 'events'))),
    ...receiptsOf(read('postmark', load('postmark', 'bounce'))),
  ].flatMap(({ reason }) => reason ?? []);
  expect(reasons.length).toBeGreaterThan(4);
  expect(reasons.filter((reason) => reason.includes('helen'))).toEqual([]);
});
