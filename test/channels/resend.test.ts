import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OutgoingMessage } from '../../src/channels/channel.ts';
import { channelSettings } from '../../src/channels/channels-setting.ts';
import { createResendChannel } from '../../src/channels/resend.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { type Mishap, type ResendPeer, startResend } from '../support/peers/resend.ts';

const message: OutgoingMessage = {
  deliveryId: 'dlv_1_1_1_0',
  workspace: 'aroma',
  channel: 'email',
  class: 'marketing',
  to: 'ada@example.com',
  from: { name: 'Aroma, "Kaffee" & Co', email: 'hello@aroma.example' },
  subject: 'Grüße',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: { 'List-Unsubscribe': '<https://aroma.example/unsubscribe/x>' },
  preferencesUrl: null,
};

let peer: ResendPeer;
beforeEach(async () => {
  peer = await startResend();
});
afterEach(() => peer.stop());

const channel = (apiKey = peer.apiKey) =>
  createResendChannel('email', { apiKey, url: peer.url }, CHANNEL_DEPS);
const send = (changes: Partial<OutgoingMessage> = {}) => channel().send({ ...message, ...changes });

test('a mail has sender, both parts, headers and tags, and the delivery id as its key', async () => {
  expect(await send()).toEqual({ state: 'sent', providerId: peer.mails[0]?.id });
  expect(peer.mails).toEqual([
    {
      id: expect.any(String),
      key: 'dlv_1_1_1_0',
      from: '"Aroma, \\"Kaffee\\" & Co" <hello@aroma.example>',
      to: ['ada@example.com'],
      subject: 'Grüße',
      html: '<p>Hello</p>',
      text: 'Hello',
      headers: { 'List-Unsubscribe': '<https://aroma.example/unsubscribe/x>' },
      tags: [
        { name: 'delivery_id', value: 'dlv_1_1_1_0' },
        { name: 'workspace', value: 'aroma' },
      ],
    },
  ]);
  expect(peer.requests[0]?.headers['user-agent']).toBe('throughline');
});

test('the same request again is answered with the same id, and no second mail is sent', async () => {
  const first = await send();
  expect(await send()).toEqual(first);
  expect(peer.mails).toHaveLength(1);
  peer.advance(DAY + HOUR);
  expect((await send()).state).toBe('sent');
  expect(peer.mails).toHaveLength(2);
});

test('the same key with other content is unknown for good, because a mail with this key was sent', async () => {
  await send();
  expect(await send({ text: 'Changed' })).toMatchObject({
    state: 'unknown',
    final: true,
    error: expect.stringContaining('invalid_idempotent_request'),
  });
  expect(peer.mails).toHaveLength(1);
});

test('the same key while the first request is under way is unknown, and may be repeated', async () => {
  peer.mishaps.push({ kind: 'hang', taken: false });
  const first = send();
  while (peer.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await send()).toMatchObject({ state: 'unknown', final: false });
  await peer.stop();
  expect((await first).state).toBe('unknown');
});

const error = (statusCode: number, name: string, text: string) => ({ statusCode, name, message: text });
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Mishap => ({
  kind: 'answer',
  taken: false,
  status,
  body,
  headers,
});
const invalid = (field: string) =>
  error(422, 'validation_error', `Invalid \`${field}\` field. The email address needs to follow a format.`);

test.each<[string, Mishap, object]>([
  ['200 with an id', answer(200, { id: 'x' }), { state: 'sent', providerId: 'x' }],
  ['200 without an id', answer(200, {}), { state: 'unknown' }],
  ['200 with garbage', answer(200, '<html>'), { state: 'unknown' }],
  ['200 with an error inside', answer(200, invalid('from')), { state: 'failed', suppress: false }],
  [
    '200 with an error of the SDK’s form',
    answer(200, { data: null, error: invalid('to') }),
    { state: 'failed', suppress: true },
  ],
  [
    '200 with an error inside that is temporary',
    answer(200, error(429, 'rate_limit_exceeded', 'Slow')),
    { state: 'retry' },
  ],
  ['200 with an error without a status', answer(200, { error: { message: 'oops' } }), { state: 'unknown' }],
  ['301', answer(301, '', { location: 'https://other.example/' }), { state: 'failed', suppress: false }],
  [
    '400 about a field',
    answer(400, error(400, 'validation_error', 'bad')),
    { state: 'failed', suppress: false },
  ],
  [
    '400 about the API key',
    answer(400, error(400, 'validation_error', 'API key is invalid')),
    { state: 'retry' },
  ],
  ['401', answer(401, error(401, 'missing_api_key', 'Missing API Key')), { state: 'retry' }],
  [
    '403 of a domain that is not verified',
    answer(403, error(403, 'validation_error', 'The aroma.example domain is not verified.')),
    { state: 'retry' },
  ],
  ['404', answer(404, error(404, 'not_found', 'The requested endpoint does not exist')), { state: 'retry' }],
  ['413', answer(413, 'too large'), { state: 'failed', suppress: false }],
  ['422 about the recipient', answer(422, invalid('to')), { state: 'failed', suppress: true }],
  ['422 about the sender', answer(422, invalid('from')), { state: 'failed', suppress: false }],
  ['422 about the reply address', answer(422, invalid('reply_to')), { state: 'failed', suppress: false }],
  [
    '429 with Retry-After',
    answer(429, error(429, 'rate_limit_exceeded', 'Too many requests.'), { 'retry-after': '7' }),
    { state: 'retry', after: 7_000 },
  ],
  [
    '429 with a reset',
    answer(429, error(429, 'rate_limit_exceeded', 'Too many requests.'), { 'ratelimit-reset': '3' }),
    { state: 'retry', after: 3_000 },
  ],
  [
    '429 of the daily quota',
    answer(429, error(429, 'daily_quota_exceeded', 'You have reached your daily quota.')),
    { state: 'retry' },
  ],
  [
    '451',
    answer(451, error(451, 'security_error', 'We found a security issue')),
    { state: 'failed', suppress: false },
  ],
  ['500', answer(500, error(500, 'application_error', 'oops')), { state: 'unknown' }],
  ['502 with a page', answer(502, '<html>Bad gateway</html>'), { state: 'unknown' }],
  ['503', answer(503, ''), { state: 'unknown' }],
  ['a connection that is cut', { kind: 'drop', taken: false }, { state: 'unknown' }],
])('%s', async (_, mishap, expected) => {
  peer.mishaps.push(mishap);
  const result = await send();
  expect(result).toMatchObject(expected);
  expect(JSON.stringify(result)).not.toContain(peer.apiKey);
});

test('a key that is wrong is not the mail’s fault: it waits until the setting is right', async () => {
  expect(await channel('re_wrong').send(message)).toMatchObject({ state: 'retry' });
  expect(peer.mails).toEqual([]);
});

test('an address that Resend does not take is suppressed, and one that the sender has wrong is not', async () => {
  expect(await send({ to: 'ada@localhost' })).toMatchObject({ state: 'failed', suppress: true });
  expect(await send({ from: { name: '', email: 'hello@localhost' } })).toMatchObject({
    state: 'failed',
    suppress: false,
  });
});

test('silence ends within the time of an activity, and the same request then finds the mail that was sent', async () => {
  peer.mishaps.push({ kind: 'hang', taken: true });
  const started = Date.now();
  expect(await send()).toMatchObject({ state: 'unknown' });
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(await send()).toEqual({ state: 'sent', providerId: peer.mails[0]?.id });
  expect(peer.mails).toHaveLength(1);
}, 30_000);

test('a provider that is away is unreachable', async () => {
  await peer.stop();
  expect(await send()).toMatchObject({ state: 'retry', unreachable: true });
});

test('repeats go to the same account only, and a name cannot add a header or an address', async () => {
  expect(channel('re_a').idempotency).not.toEqual(channel('re_b').idempotency);
  await send({ from: { name: 'A\r\nBcc: x@example.com', email: 'hello@aroma.example' } });
  expect(peer.mails[0]?.from).toBe('"A Bcc: x@example.com" <hello@aroma.example>');
});

test('an entry of CHANNELS needs the key alone', () => {
  expect(channelSettings.parse({ kind: 'resend', apiKey: 're_1' })).toMatchObject({
    url: 'https://api.resend.com',
  });
  expect(channelSettings.safeParse({ kind: 'resend' }).success).toBe(false);
});

test('a webhook channel may promise a window, too', () => {
  const entry = { url: 'https://sms.example', secret: 'a secret of some length' };
  expect(channelSettings.parse({ ...entry, idempotencyWindow: '30m' })).toMatchObject({
    idempotencyWindow: HOUR / 2,
  });
  for (const idempotencyWindow of ['0h', 'a day', 24])
    expect(channelSettings.safeParse({ ...entry, idempotencyWindow }).success).toBe(false);
});
