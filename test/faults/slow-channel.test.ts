import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { confirmByMailOrText, treatEveryCustomer } from '../support/bundles.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { startTwilioPeer, type TwilioMood, type TwilioPeer } from '../support/peers/twilio.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const MAILS = 10;
/** More than the channel sends at once. */
const TEXTS = 30;
const CONCURRENCY = 10;

let twilio: TwilioPeer;
let system: TestSystem;
beforeAll(async () => {
  twilio = await startTwilioPeer();
  system = await startTestSystem({
    files: (files) => confirmByMailOrText(treatEveryCustomer(files)),
    worker: false,
  });
  const { accountSid, authToken, url: baseUrl } = twilio;
  const sms = {
    kind: 'twilio',
    accountSid,
    authToken,
    from: '+15005550006',
    baseUrl,
    concurrency: CONCURRENCY,
  };
  const email = system.service.config.channels.email ?? { kind: 'smtp' };
  await system.startWorker({
    channels: [createChannel('email', email, CHANNEL_DEPS), createChannel('sms', sms, CHANNEL_DEPS)],
  });
});
afterAll(async () => {
  twilio.mood = 'usual';
  await twilio?.stop();
  await system?.stop();
});

const order = (userId: string, traits: object) => ({
  name: 'Order Completed',
  userId,
  context: { traits },
  properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
});

const MOODS: TwilioMood[] = ['silent', 'garbage', 'limited', 'error-inside', 'broken', 'gone'];

test.each(MOODS)(
  'fault 25: mails leave as ever while the provider of text messages is in the mood "%s"',
  async (mood) => {
    twilio.mood = mood;
    const before = twilio.requests.length;
    const phones = Array.from(
      { length: TEXTS },
      (_, n) => `+49170123${MOODS.indexOf(mood)}${String(n).padStart(3, '0')}`,
    );
    await system.accept(...phones.map((phone, n) => order(`${mood}-text-${n}`, { phone })));
    await waitUntil(async () => twilio.requests.length - before >= CONCURRENCY, 'the channel to be busy');
    const addresses = Array.from({ length: MAILS }, (_, n) => `${mood}-${n}@example.com`);
    await system.accept(...addresses.map((email, n) => order(`${mood}-mail-${n}`, { email })));
    await waitUntil(async () => {
      const arrived = new Set(system.mailbox.messages().flatMap(({ to }) => to));
      return addresses.every((address) => arrived.has(address));
    }, 'all mails to arrive');
    if (mood !== 'silent') return;
    // All that while the same attempts were held, each for 12 s; the others wait for a slot of their own channel.
    expect(twilio.requests.length - before).toBe(CONCURRENCY);
  },
  60_000,
);
