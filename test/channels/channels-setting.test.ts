import { expect, test } from 'vitest';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { readConfig } from '../../src/config.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';

const env = { DATABASE_URL: 'postgres://x', THROUGHLINE_SECRET: 'a secret for the tests only' };
const secret = 'sixteen characters';

test('A-8: CHANNELS adds a channel; without a kind it is a webhook', () => {
  const config = readConfig({
    ...env,
    CHANNELS: JSON.stringify({ sms: { url: 'https://sms.example/send', secret, rate: 2.5, concurrency: 3 } }),
  });
  const sms = { kind: 'webhook', url: 'https://sms.example/send', secret, rate: 2.5, concurrency: 3 };
  expect(config.channels).toEqual({ sms });
  expect(readConfig(env).channels).toEqual({});
});

test('SMTP_URL is short for an entry email, which takes its place', () => {
  const SMTP_URL = 'smtp://mail.example';
  expect(readConfig({ ...env, SMTP_URL }).channels).toEqual({ email: { kind: 'smtp', url: SMTP_URL } });
  const email = { kind: 'smtp', url: 'smtp://other.example', rate: 14 };
  expect(readConfig({ ...env, SMTP_URL, CHANNELS: JSON.stringify({ email }) }).channels).toEqual({ email });
});

test.each([
  ['no json', 'CHANNELS: must be JSON; for example CHANNELS={"sms"'],
  ['[]', 'CHANNELS'],
  ['{"sms": 1}', 'CHANNELS.sms'],
  ['{"SMS": {"url": "https://x.example", "secret": "sixteen characters"}}', 'SMS is not a channel id'],
  ['{"agent_desk": {"url": "https://x.example", "secret": "sixteen characters"}}', 'agent_desk is built in'],
  [
    '{"email": {"url": "https://x.example", "secret": "sixteen characters"}}',
    "email can't be of kind webhook: use one of ",
  ],
  ['{"sms": {"kind": "smtp", "url": "smtp://x.example"}}', "sms can't be of kind smtp: use one of "],
  ['{"sms": {"kind": "pigeon"}}', 'CHANNELS.sms.kind: must be one of '],
  ['{"sms": {"url": "ftp://x.example", "secret": "sixteen characters"}}', 'CHANNELS.sms.url'],
  ['{"sms": {"url": "https://x.example", "secret": "short"}}', 'at least 16'],
  ['{"sms": {"url": "https://x.example", "secret": "sixteen characters", "key": 1}}', 'key'],
  ['{"sms": {"url": "https://x.example", "secret": "sixteen characters", "rate": 0}}', 'must be more than 0'],
  ['{"sms": {"url": "https://x.example", "secret": "sixteen characters", "concurrency": 0}}', 'at least 1'],
])('readConfig rejects CHANNELS=%s with the reason', (text, reason) => {
  expect(() => readConfig({ ...env, CHANNELS: text })).toThrow(reason);
});

test('an entry sets the rate and the concurrency of its channel', () => {
  const entry = { kind: 'webhook', url: 'https://sms.example/send', secret };
  expect(createChannel('sms', entry, CHANNEL_DEPS)).toMatchObject({ id: 'sms', rate: null, concurrency: 20 });
  expect(createChannel('sms', { ...entry, rate: 5, concurrency: 2 }, CHANNEL_DEPS)).toMatchObject({
    rate: 5,
    concurrency: 2,
  });
});
