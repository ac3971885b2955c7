import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/channels-setting.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { CHANNEL_DEPS } from '../support/channel-deps.ts';
import { startTwilioPeer } from '../support/peers/twilio.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

/** Adds a channel that no worker had before, through which orders are confirmed, too. */
const withChannel = (id: string, text: string) => (files: BundleFile[]) => {
  const declared = replaceInFile(
    'workspace.yaml',
    /^channels:$/m,
    `channels:\n  ${id}: { via: webhook, address: device_token }`,
  );
  const used = replaceInFile(
    'actions/orders.yaml',
    'class: transactional',
    `class: transactional\nchannels: [${id}, email]`,
  );
  const path = `content/order-confirmation/${id}.en.txt`;
  return [...used(declared(treatEveryCustomer(files))), { path, text }];
};

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com`, device_token: `token-${userId}`, firstName: 'Ada' } },
  properties: { order_id: `o-${n}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
});

test('A-8, C-7: a channel added by configuration and content is used by a running journey, whose history replays', async () => {
  await system.accept(order('ada', 1));
  const customer = await system.findCustomerId('ada');
  await system.waitUntilSettled(customer);
  await system.advanceTime(customer, DAY);
  await system.applyExample(
    withChannel('push', 'Order {{ event.properties.order_id }} is on its way, {{ traits.firstName }}.'),
  );
  await system.accept(order('ada', 2));
  await system.waitUntilSettled(customer);
  const [pushed] = system.mailbox.messages().filter((message) => message.channel === 'push');
  expect(pushed).toMatchObject({
    to: ['token-ada'],
    text: 'Order o-2 is on its way, Ada.',
    from: 'aroma',
  });
  const [row] = await system.db.db.sql`
    select state, provider_id, locale from deliveries where customer_id = ${customer} and channel = 'push'`;
  expect(row).toMatchObject({ state: 'sent', locale: 'en' });
  expect(row?.provider_id).toMatch(/^push-dlv_/);
  await system.replayHistories(customer);
});

test('A-8: a worker that knows a further kind of channel serves it beside the others, and running journeys replay', async () => {
  const twilio = await startTwilioPeer();
  try {
    await system.accept(order('kim', 21));
    const customer = await system.findCustomerId('kim');
    await system.waitUntilSettled(customer);
    const { accountSid, authToken, url: baseUrl } = twilio;
    const entry = { kind: 'twilio', accountSid, authToken, from: '+15005550006', baseUrl, rate: 1 };
    await system.startWorker({ channels: [createChannel('pager_sms', entry, CHANNEL_DEPS)] });
    await system.applyExample((files) =>
      withChannel(
        'pager_sms',
        'Order {{ event.properties.order_id }} is on its way.',
      )(files).map((file) => ({
        ...file,
        text: file.text.replace(
          'pager_sms: { via: webhook, address: device_token }',
          'pager_sms: { via: provider, address: phone }',
        ),
      })),
    );
    const again = order('kim', 22);
    await system.accept({
      ...again,
      context: { traits: { ...again.context.traits, phone: '+491701234567' } },
    });
    await system.waitUntilSettled(customer);
    expect(twilio.messages).toMatchObject([{ To: '+491701234567', Body: 'Order o-22 is on its way.' }]);
    await system.replayHistories(customer);

    const since = Date.now();
    const phones = Array.from({ length: 8 }, (_, n) => `+49170123456${n}`);
    await system.accept(
      ...phones.map((phone, n) => ({ ...order(`lou-${n}`, 30 + n), context: { traits: { phone } } })),
    );
    await waitUntil(async () => twilio.messages.length === 9, 'all messages to leave');
    // One message a second, over all workers. The first worker, which doesn't know the channel, leaves it alone: its polls
    // would lift the rate, and it would fail the messages.
    expect(Date.now() - since).toBeGreaterThan(5_000);
    const failed = await system.db.db.sql`select error from deliveries where state = 'failed'`;
    expect(failed).toEqual([]);
  } finally {
    await twilio.stop();
  }
});

test('deliveries of an unconfigured channel fail within seconds with the missing setting, even if the channel is new', async () => {
  await system.applyExample(withChannel('pager', 'Order {{ event.properties.order_id }}.'));
  await system.accept(order('bert', 1));
  const customer = await system.findCustomerId('bert');
  await waitUntil(async () => {
    const [row] = await system.db.db.sql`
      select state from deliveries where customer_id = ${customer} and channel = 'pager'`;
    return row?.state === 'failed';
  }, 'the delivery to fail');
  const [row] = await system.db.db
    .sql`select error from deliveries where customer_id = ${customer} and channel = 'pager'`;
  expect(row?.error).toContain("channel pager isn't set up: add it to CHANNELS");
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual([]);
});

test('C-5: content of a text channel falls back to the first locale', async () => {
  await system.applyExample(withChannel('push', 'Order {{ event.properties.order_id }}.'));
  await system.accept({ ...order('cleo', 7), context: { traits: { device_token: 'tok', locale: 'fr-CA' } } });
  const customer = await system.findCustomerId('cleo');
  await system.waitUntilSettled(customer);
  const [row] = await system.db.db.sql`select state, locale from deliveries where customer_id = ${customer}`;
  expect(row).toMatchObject({ state: 'sent', locale: 'en' });
});

/** Sends the grinder's tip by mail and by text message at once. */
const byBothWays = (files: BundleFile[]) => {
  const both = replaceInFile(
    'actions/tips.yaml',
    '- id: tip-grinder\n',
    '- id: tip-grinder\n  channels: [email, sms]\n',
  );
  const all = replaceInFile('journeys/tips.yaml', 'hold: 30d', 'hold: 30d, deliver: all');
  const path = 'content/tip-grinder/sms.en.txt';
  return [...all(both(treatEveryCustomer(files))), { path, text: 'Grind finer.' }];
};

test('B-3: with deliver all, one action by two channels counts as one contact for spacing, limit and caps', async () => {
  await system.applyExample(byBothWays);
  const consent = { categoryPreferences: { marketing: true } };
  const traits = { email: 'dora@example.com', phone: '+4930123456' };
  await system.accept({ ...order('dora', 9), context: { traits, consent } });
  const customer = await system.findCustomerId('dora');
  await system.waitUntilSettled(customer);
  await system.advanceTime(customer, 2 * DAY);
  const rows = await system.db.db.sql`
    select channel, state from deliveries where customer_id = ${customer} and action = 'tip-grinder' order by channel`;
  expect(rows.map((row) => [row.channel, row.state])).toEqual([
    ['email', 'sent'],
    ['sms', 'sent'],
  ]);
});
