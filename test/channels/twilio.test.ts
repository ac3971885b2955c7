import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OutgoingMessage } from '../../src/channels/channel.ts';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { readConfig } from '../../src/config.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { TEXT_MESSAGE } from '../support/outgoing-message.ts';
import { startTwilioPeer, type TwilioMood, type TwilioPeer } from '../support/peers/twilio.ts';

let twilio: TwilioPeer;
beforeEach(async () => {
  twilio = await startTwilioPeer();
});
afterEach(() => twilio.stop());

const message: OutgoingMessage = { ...TEXT_MESSAGE, text: 'Happy birthday, Ada & Bert!' };

function create(more: Record<string, unknown> = {}) {
  const { accountSid, authToken, url: baseUrl } = twilio;
  const entry = { kind: 'twilio', accountSid, authToken, from: '+15005550006', baseUrl, ...more };
  return createChannel('sms', entry, CHANNEL_DEPS);
}

const send = (change: Partial<OutgoingMessage> = {}, more: Record<string, unknown> = {}) =>
  create(more).send({ ...message, ...change });

test('a message is posted as a form, with the URL for receipts, and its segments are counted', async () => {
  const result = await send({}, { source: 'twilio' });
  const [sent] = twilio.messages;
  expect(result).toEqual({ state: 'sent', providerId: sent?.sid, segments: 1 });
  expect(sent).toMatchObject({
    To: '+491701234567',
    From: '+15005550006',
    Body: 'Happy birthday, Ada & Bert!',
    StatusCallback: 'https://journeys.aroma.example/v1/sources/twilio',
  });
});

test('a messaging service takes the place of the sender, and an API key that of the token', async () => {
  const apiKey = { sid: twilio.accountSid, secret: twilio.authToken };
  const sender = { from: undefined, messagingServiceSid: `MG${'0'.repeat(32)}` };
  expect(await send({}, { ...sender, authToken: undefined, apiKey })).toMatchObject({ state: 'sent' });
  expect(twilio.messages[0]).toMatchObject({ From: `MG${'0'.repeat(32)}`, StatusCallback: null });
});

test.each<[text: string, segments: number]>([
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['ö'.repeat(160), 1],
  ['€'.repeat(81), 2],
  ['„Kaffee“'.padEnd(71, '.'), 2],
])('%s has %i segments', async (text, segments) => {
  expect(await send({ text })).toMatchObject({ state: 'sent', segments });
});

test.each<[mood: TwilioMood, change: Partial<OutgoingMessage>, expected: object]>([
  [
    'usual',
    { to: '12345' },
    {
      state: 'failed',
      suppress: true,
      error: "Twilio answered 400 (21211): Invalid 'To' Phone Number: 12345",
    },
  ],
  ['usual', { to: '+4930120000' }, { state: 'failed', suppress: true }],
  ['usual', { to: '+4915199999999' }, { state: 'failed', suppress: true, reason: 'unsubscribed' }],
  ['usual', { text: 'x'.repeat(1_601) }, { state: 'failed', suppress: false }],
  ['error-inside', {}, { state: 'failed', suppress: true, error: 'Landline or unreachable carrier' }],
  ['limited', {}, { state: 'retry', after: 7_000 }],
  ['broken', {}, { state: 'unknown' }],
  ['garbage', {}, { state: 'unknown', error: 'Twilio answered 200 without a message' }],
  ['gone', {}, { state: 'unknown' }],
])('in the mood %s, %j ends as %j', async (mood, change, expected) => {
  twilio.mood = mood;
  twilio.optedOut.add('+4915199999999');
  expect(await send(change)).toMatchObject(expected);
});

test('wrong credentials are retried, because they can be mended', async () => {
  expect(await send({}, { authToken: 'another' })).toMatchObject({ state: 'retry' });
  expect(twilio.messages).toEqual([]);
});

test('silence after the request results in unknown, within the time of an activity', async () => {
  twilio.mood = 'silent';
  const since = Date.now();
  expect(await send()).toMatchObject({ state: 'unknown' });
  expect(Date.now() - since).toBeLessThan(20_000);
}, 30_000);

test('no connection is a retry', async () => {
  await twilio.stop();
  expect(await send()).toMatchObject({ state: 'retry', unreachable: true });
});

test.each([
  [{}, 'set one of authToken and apiKey'],
  [{ authToken: 'x' }, 'set one of from and messagingServiceSid'],
  [{ authToken: 'x', from: '+1', messagingServiceSid: 'MG1' }, 'set one of from and messagingServiceSid'],
  [{ authToken: 'x', from: '+1', accountSid: 'SK1' }, 'must be the SID of an account'],
])('settings %j are refused: %s', (more, reason) => {
  const sms = { kind: 'twilio', accountSid: `AC${'0'.repeat(32)}`, ...more };
  const env = { DATABASE_URL: 'postgres://x', THROUGHLINE_SECRET: 'a secret for the tests only' };
  expect(() => readConfig({ ...env, CHANNELS: JSON.stringify({ sms }) })).toThrow(reason);
});
