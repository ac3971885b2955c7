import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import webPush from 'web-push';
import type { OutgoingMessage } from '../../src/channels/channel.ts';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { readConfig } from '../../src/config.ts';
import { normaliseAddress } from '../../src/domain/customer/address.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';
import { type FcmMood, type FcmPeer, startFcmPeer } from '../support/peers/fcm.ts';
import { type Browser, type PushServicePeer, startPushService } from '../support/peers/push-service.ts';

const message: Omit<OutgoingMessage, 'to'> = {
  ...TEXT_MESSAGE,
  channel: 'push',
  text: 'Your order is on its way, Zoë.\nhttps://aroma.example/orders/o-1',
};
const shown = {
  title: 'Aroma',
  body: 'Your order is on its way, Zoë.',
  url: 'https://aroma.example/orders/o-1',
};
const PUSH = { via: 'webhook', address: 'devices' } as const;
const addressOf = (value: unknown) => normaliseAddress(value, PUSH) ?? '';

describe('web-push', () => {
  const keys = webPush.generateVAPIDKeys();
  let service: PushServicePeer;
  beforeEach(async () => {
    service = await startPushService();
  });
  afterEach(() => service.stop());

  const entry = {
    kind: 'web-push',
    ...keys,
    subject: 'mailto:push@aroma.example',
    ttl: 600,
    services: ['127.0.0.1'],
  };
  const send = (value: unknown, more = {}) =>
    createChannel('push', { ...entry, ...more }, CHANNEL_DEPS).send({ ...message, to: addressOf(value) });
  const subscriptionsOf = (...browsers: Browser[]) => browsers.map(({ subscription }) => subscription);

  test('a browser decrypts what was sent', async () => {
    const browser = service.subscribe();
    expect(await send(browser.subscription)).toMatchObject({
      state: 'sent',
      providerId: expect.stringContaining('/m/'),
    });
    expect(browser.shown).toEqual([{ ...shown, deliveryId: 'dlv_1_1_1_0' }]);
    expect(service.requests[0]?.headers).toMatchObject({ ttl: '600', 'content-encoding': 'aes128gcm' });
  });

  test('a subscription may come as JSON text, as libraries store it', async () => {
    const browser = service.subscribe();
    expect(await send(JSON.stringify(browser.subscription))).toMatchObject({ state: 'sent' });
    expect(browser.shown).toHaveLength(1);
  });

  test('all browsers of a customer get it, also if one is gone', async () => {
    const [phone, laptop, old] = [service.subscribe(), service.subscribe(), service.subscribe()];
    old.status = 410;
    expect(await send(subscriptionsOf(phone, laptop, old))).toMatchObject({ state: 'sent' });
    expect([phone, laptop, old].map((browser) => browser.shown.length)).toEqual([1, 1, 0]);
  });

  test.each<[status: number, expected: object]>([
    [404, { state: 'failed', suppress: true }],
    [410, { state: 'failed', suppress: true }],
    [400, { state: 'failed', suppress: false }],
    [403, { state: 'failed', suppress: false }],
    [413, { state: 'failed', suppress: false }],
    [302, { state: 'failed', suppress: false }],
    [429, { state: 'retry', after: 30_000 }],
    [500, { state: 'unknown' }],
    [503, { state: 'unknown' }],
  ])('an answer of %i ends as %j', async (status, expected) => {
    const browser = service.subscribe();
    browser.status = status;
    expect(await send(browser.subscription)).toMatchObject(expected);
  });

  test('of several browsers that get nothing, the least certain answer counts', async () => {
    const browsers = [service.subscribe(), service.subscribe(), service.subscribe()] as const;
    const states = [410, 429, 500];
    const expected = ['failed', 'retry', 'unknown'];
    for (const [n, browser] of browsers.entries()) {
      browser.status = states[n] as number;
      expect(await send(subscriptionsOf(...browsers.slice(0, n + 1)))).toMatchObject({ state: expected[n] });
    }
  });

  test('fault 27: only push services are called, whatever URL a browser states', async () => {
    const browser = service.subscribe();
    expect(await send(browser.subscription, { services: ['*.push.services.mozilla.com'] })).toEqual({
      state: 'failed',
      error: '127.0.0.1 is not a push service: the operator permits it in "services"',
      suppress: false,
    });
    const inside = { ...browser.subscription, endpoint: 'http://169.254.169.254/latest/meta-data' };
    expect(await send(inside, { services: ['169.254.169.254'] })).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('add it to OUTBOUND_ALLOW'),
    });
    expect(service.requests).toEqual([]);
  });

  test.each([
    'a token',
    '{}',
    { endpoint: 'https://fcm.googleapis.com/x', keys: { p256dh: 'AAAA', auth: 'AAAA' } },
    { endpoint: 'no url', keys: { p256dh: 'AAAA', auth: 'AAAA' } },
  ])('%j is not a subscription, and is suppressed', async (value) => {
    expect(await send(value, { services: ['fcm.googleapis.com'] })).toMatchObject({
      state: 'failed',
      suppress: true,
    });
  });

  test.each([
    [{ publicKey: 'short' }, 'publicKey: must be 65 bytes in base64url'],
    [{ privateKey: webPush.generateVAPIDKeys().privateKey }, 'publicKey is not that of privateKey'],
    [{ subject: 'push@aroma.example' }, 'subject: must be mailto:… or https://…'],
  ])('settings with %j are refused: %s', (more, reason) => {
    const env = { DATABASE_URL: 'postgres://x', THROUGHLINE_SECRET: 'a secret for the tests only' };
    const push = { ...entry, ...more };
    expect(() => readConfig({ ...env, CHANNELS: JSON.stringify({ push }) })).toThrow(reason);
  });
});

describe('fcm', () => {
  let fcm: FcmPeer;
  beforeEach(async () => {
    fcm = await startFcmPeer();
  });
  afterEach(() => fcm.stop());
  const create = () => {
    const { serviceAccount, url: baseUrl } = fcm;
    return createChannel('push', { kind: 'fcm', serviceAccount, baseUrl }, CHANNEL_DEPS);
  };
  const send = (value: unknown, channel = create()) => channel.send({ ...message, to: addressOf(value) });

  test('a message goes to the device, with an access token that is used again', async () => {
    const channel = create();
    expect(await send('token-1', channel)).toEqual({
      state: 'sent',
      providerId: 'projects/aroma-1/messages/0:1',
    });
    expect(await send(['token-1', 'token-2'], channel)).toMatchObject({ state: 'sent' });
    expect(fcm.messages.map(({ token }) => token)).toEqual(['token-1', 'token-1', 'token-2']);
    expect(fcm.messages[0]).toEqual({
      token: 'token-1',
      notification: { title: shown.title, body: shown.body },
      data: { delivery_id: 'dlv_1_1_1_0', url: shown.url },
      webpush: { fcm_options: { link: shown.url } },
    });
    expect(fcm.tokens).toHaveLength(1);
  });

  test.each<[token: string, expected: object]>([
    ['gone-1', { state: 'failed', suppress: true, error: expect.stringContaining('UNREGISTERED') }],
    ['bad-1', { state: 'failed', suppress: true }],
    ['large-1', { state: 'failed', suppress: false }],
    ['other-1', { state: 'failed', suppress: false }],
  ])('the device %s ends as %j', async (token, expected) => {
    expect(await send(token)).toMatchObject(expected);
  });

  test.each<[mood: FcmMood, expected: object]>([
    ['limited', { state: 'retry', after: 60_000 }],
    ['broken', { state: 'unknown' }],
    ['garbage', { state: 'unknown' }],
    ['no-token', { state: 'retry', error: 'no access token: Google answered 400: Invalid JWT' }],
  ])('in the mood %s an attempt ends as %j', async (mood, expected) => {
    fcm.mood = mood;
    expect(await send('token-1')).toMatchObject(expected);
    expect(fcm.messages).toEqual([]);
  });

  test('an access token that was revoked is replaced by the next attempt', async () => {
    const channel = create();
    await send('token-1', channel);
    fcm.mood = 'revoked';
    expect(await send('token-1', channel)).toMatchObject({ state: 'retry' });
    expect(await send('token-1', channel)).toMatchObject({ state: 'sent' });
  });
});

describe('devices of a customer', () => {
  test.each<[value: unknown, address: string | undefined]>([
    [' token ', 'token'],
    [['b', 'a', 'b', ''], '["a","b"]'],
    [['a'], 'a'],
    [[], undefined],
    [{}, undefined],
    [42, undefined],
    [{ endpoint: 'https://x', keys: { p256dh: 'p' } }, undefined],
    [
      { endpoint: 'https://x', expirationTime: null, keys: { p256dh: 'p', auth: 'a' } },
      '{"endpoint":"https://x","keys":{"p256dh":"p","auth":"a"}}',
    ],
  ])('%j is the address %s', (value, address) => {
    expect(normaliseAddress(value, PUSH)).toBe(address);
  });
});
