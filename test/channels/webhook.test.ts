import http from 'node:http';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { OutgoingMessage } from '../../src/channels/channel.ts';
import { createWebhookChannel } from '../../src/channels/webhook.ts';
import { signWebhook } from '../../src/channels/webhook-signature.ts';
import { startMailbox } from '../../src/dev/mailbox/start.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const message: OutgoingMessage = { ...TEXT_MESSAGE, preferencesUrl: 'http://127.0.0.1/preferences/x' };

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Taken {
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A provider that answers as scripted, and records the requests. */
async function provider(
  answer: (response: http.ServerResponse) => void,
): Promise<{ url: string; received: Taken[] }> {
  const received: Taken[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/send`, received };
}

const reply =
  (status: number, body: unknown = {}, headers: http.OutgoingHttpHeaders = {}) =>
  (response: http.ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

const send = (url: string) =>
  createWebhookChannel('sms', { url, secret: SECRET }, CHANNEL_DEPS).send(message);

test('send posts a signed message with the delivery id as idempotency key', async () => {
  const { url, received } = await provider(reply(202, { id: 'SM-1' }));
  expect(await send(url)).toEqual({ state: 'sent', providerId: 'SM-1' });
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(JSON.parse(body)).toEqual({
    deliveryId: 'dlv_1_1_1_0',
    workspace: 'aroma',
    channel: 'sms',
    class: 'marketing',
    to: '+491701234567',
    text: 'Happy birthday!',
    preferencesUrl: 'http://127.0.0.1/preferences/x',
  });
  expect(headers['idempotency-key']).toBe('dlv_1_1_1_0');
  const at = Number(headers['webhook-timestamp']);
  expect(Math.abs(at - Date.now() / 1000)).toBeLessThan(10);
  expect(headers).toMatchObject(signWebhook(SECRET, 'dlv_1_1_1_0', at, body));
});

test('signWebhook reproduces the published example of Standard Webhooks', () => {
  const headers = signWebhook(SECRET, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}');
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test.each<[status: number, state: string, suppress: boolean | null, body?: unknown]>([
  [200, 'sent', null],
  [204, 'sent', null],
  [302, 'failed', false],
  [400, 'failed', false],
  [400, 'failed', true, { code: 'invalid_address', message: 'no such number' }],
  [404, 'failed', false],
  [410, 'failed', true],
  [422, 'failed', false],
  [401, 'retry', null],
  [403, 'retry', null],
  [429, 'retry', null],
  [503, 'retry', null],
  [409, 'unknown', null],
  [500, 'unknown', null],
  [502, 'unknown', null],
  [504, 'unknown', null],
])('an answer of %i is %s', async (status, state, suppress, body = {}) => {
  const { url } = await provider(reply(status, body));
  const result = await send(url);
  expect(result.state).toBe(state);
  if (suppress !== null) expect(result).toMatchObject({ suppress });
});

test('the error contains the reason that the provider gives', async () => {
  const { url } = await provider(reply(422, { code: 'too_long', message: 'more than 10 parts' }));
  expect(await send(url)).toMatchObject({ error: 'the provider answered 422: more than 10 parts' });
});

test('Retry-After is read in seconds or as a date', async () => {
  const { url } = await provider(reply(429, {}, { 'retry-after': '120' }));
  expect(await send(url)).toMatchObject({ state: 'retry', after: 120_000 });
  const date = new Date(Date.now() + 60_000).toUTCString();
  const later = await provider(reply(503, {}, { 'retry-after': date }));
  const result = await send(later.url);
  expect((result as { after: number }).after).toBeGreaterThan(50_000);
  const none = await provider(reply(429));
  expect(await send(none.url)).not.toHaveProperty('after');
});

test('a refused connection or an unknown host results in retry', async () => {
  expect((await send('http://127.0.0.1:9/send')).state).toBe('retry');
  expect((await send('http://no-such-host.invalid/send')).state).toBe('retry');
});

test('a connection that breaks after the request has started results in unknown', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.close();
  });
  expect((await send(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`)).state).toBe(
    'unknown',
  );
});

test('silence after the request results in unknown, within the time of an activity', async () => {
  const { url } = await provider(() => {});
  const started = Date.now();
  expect((await send(url)).state).toBe('unknown');
  expect(Date.now() - started).toBeLessThan(20_000);
}, 30_000);

test('a success status counts even if the body is incomplete', async () => {
  const { url } = await provider((response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"id"');
    setTimeout(() => response.destroy(), 50);
  });
  expect(await send(url)).toEqual({ state: 'sent', providerId: '' });
});

test('the development mailbox shows a text message and accepts an idempotency key once', async () => {
  const mailbox = await startMailbox();
  stops.push(() => mailbox.stop());
  const url = mailbox.channelUrl('sms');
  expect(await send(url)).toEqual({ state: 'sent', providerId: 'sms-dlv_1_1_1_0' });
  expect(await send(url)).toEqual({ state: 'sent', providerId: 'sms-dlv_1_1_1_0' });
  expect(mailbox.messages()).toMatchObject([
    { channel: 'sms', to: ['+491701234567'], text: 'Happy birthday!' },
  ]);
  const page = await (await fetch(new URL('/', url))).text();
  expect(page).toContain('sms: Happy birthday!');
  const detail = await (await fetch(new URL('/view/sms-dlv_1_1_1_0', url))).text();
  expect(detail).toContain('+491701234567');
});

test.each([
  ['text/plain', '{"to":"1","text":"x"}', 415],
  ['application/json', 'no json', 400],
  ['application/json', '{"to":1}', 400],
  ['application/json', `{"to":"1","text":"${'x'.repeat(1_100_000)}"}`, 413],
])('the mailbox rejects an invalid webhook message: %s, %#', async (type, body, status) => {
  const mailbox = await startMailbox();
  stops.push(() => mailbox.stop());
  const response = await fetch(mailbox.channelUrl('sms'), {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  expect(response.status).toBe(status);
  expect(mailbox.messages()).toEqual([]);
});
