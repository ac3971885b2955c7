import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { createPayloadEvaluator } from '../../src/definitions/cel/payload.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { isParseRefusal, parseCall } from '../../src/sources/segment.ts';
import { twilio as twilioKind } from '../../src/sources/webhooks/twilio.ts';
import { inbound } from '../sources/payloads/twilio/requests.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { startTwilioPeer, type TwilioPeer } from '../support/peers/twilio.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

/** Sends the grinder's tip as a text message. */
const byText = (files: BundleFile[]) => {
  const change = replaceInFile(
    'actions/tips.yaml',
    '- id: tip-grinder\n',
    '- id: tip-grinder\n  channels: [sms]\n',
  );
  return [
    ...change(treatEveryCustomer(files)),
    { path: 'content/tip-grinder/sms.en.txt', text: 'Grind finer.' },
  ];
};

let twilio: TwilioPeer;
let system: TestSystem;
beforeAll(async () => {
  twilio = await startTwilioPeer();
  system = await startTestSystem({ files: byText, worker: false });
  const { accountSid, authToken, url: baseUrl } = twilio;
  const sms = { kind: 'twilio', accountSid, authToken, from: '+15005550006', baseUrl };
  const email = system.service.config.channels.email ?? { kind: 'smtp' };
  await system.startWorker({
    channels: [createChannel('email', email, CHANNEL_DEPS), createChannel('sms', sms, CHANNEL_DEPS)],
  });
});
afterAll(async () => {
  await system?.stop();
  await twilio?.stop();
});

const envelope = () => ({
  workspace: WORKSPACE,
  source: 'twilio',
  receivedAt: Date.now(),
  sentAt: undefined,
  historical: false,
});

let messages = 0;
/** A customer writes to the sender. */
async function write(from: string, text: string): Promise<void> {
  const sid = `SM${String(++messages).padStart(32, '0')}`;
  const body = new URLSearchParams(
    inbound(text, { From: from, MessageSid: sid, SmsSid: sid, SmsMessageSid: sid }),
  );
  const reading = twilioKind.read(
    { url: '', headers: {}, body: Buffer.from(body.toString()), receivedAt: Date.now() },
    { id: 'twilio', kind: 'twilio', customer: {}, settings: {}, evaluate: createPayloadEvaluator() },
  );
  if (reading.kind !== 'messages') throw new Error(reading.reason);
  for (const message of reading.messages) {
    if (message.kind !== 'call') throw new Error('a message is no receipt');
    const event = parseCall(message.call, 'track', envelope());
    if (isParseRefusal(event)) throw new Error(event.reason);
    await system.accept(event);
  }
}

/** A customer who consents to marketing and gets the grinder's tip two days after an order. */
async function orderMachine(userId: string, phone: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    phone,
    context: {
      traits: { email: `${userId}@example.com`, phone },
      consent: { categoryPreferences: { marketing: true } },
    },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

const tipsOf = (customer: string) => system.db.db.sql`
  select state, error from deliveries where customer_id = ${customer} and action = 'tip-grinder' order by at, id`;
const sentTo = (phone: string) => twilio.messages.filter(({ To }) => To === phone);

test('STOP ends a text message that is planned already, and START gives the consent back', async () => {
  const phone = '+491701230001';
  const customer = await orderMachine('ada', phone);
  twilio.mood = 'limited';
  await system.advanceTime(customer, 2 * DAY);
  expect(await tipsOf(customer)).toMatchObject([
    { state: 'planned', error: expect.stringContaining('20429') },
  ]);
  twilio.mood = 'usual';
  await write(phone, ' Stop ');
  // The next attempt is due within an hour.
  await system.advanceTime(customer, 2 * HOUR);
  const rows = await tipsOf(customer);
  expect(rows.map(({ state }) => state)).not.toContain('sent');
  expect(rows.map(({ state }) => state)).not.toContain('planned');
  expect(sentTo(phone)).toEqual([]);

  await write(phone, 'START');
  const consents = await system.db.db.sql`
    select channel, status from consents where customer_id = ${customer} and source = 'twilio' order by seq`;
  expect(consents).toEqual([
    { channel: 'sms', status: 'withdrawn' },
    { channel: 'sms', status: 'granted' },
  ]);
});

test('a number that Twilio knows as unsubscribed is suppressed until START', async () => {
  const phone = '+491701230002';
  const customer = await orderMachine('bert', phone);
  twilio.optedOut.add(phone);
  await system.advanceTime(customer, 2 * DAY);
  expect(await tipsOf(customer)).toMatchObject([
    { state: 'failed', error: expect.stringContaining('21610') },
  ]);
  const reasons = () => system.db.db.sql`select reason from suppressed_addresses where channel = 'sms'`;
  expect(await reasons()).toEqual([{ reason: 'unsubscribed' }]);
  await write(phone, 'unstop');
  expect(await reasons()).toEqual([]);
});

test('the parts of a text message are part of the event about it', async () => {
  const customer = await orderMachine('cleo', '+491701230003');
  await system.advanceTime(customer, 2 * DAY);
  const [sent] = await system.db.db.sql`
    select body from events where customer_id = ${customer} and name = 'Delivery Sent'
      and body->'properties'->>'channel' = 'sms'`;
  expect(sent?.body.properties).toMatchObject({ channel: 'sms', segments: 1 });
});
