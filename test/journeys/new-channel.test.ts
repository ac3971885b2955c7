import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY } from '../../src/domain/time/time.ts';
import { type BundleFile, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

/** A channel that no bundle and no worker knew: the order is confirmed through it, too. */
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

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => house?.stop());

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com`, device_token: `token-${userId}`, first_name: 'Ada' } },
  properties: { order_id: `o-${n}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
});

test('A-8, C-7: a channel is config and content: a journey that runs already goes out by it, and its history replays', async () => {
  await house.accept(order('ada', 1));
  const customer = await house.findCustomerId('ada');
  await house.waitUntilSettled(customer);
  await house.advanceTime(customer, DAY);
  await house.applyExample(
    withChannel('push', 'Order {{ event.properties.order_id }} is on its way, {{ traits.first_name }}.'),
  );
  await house.accept(order('ada', 2));
  await house.waitUntilSettled(customer);
  const [pushed] = house.mailbox.messages().filter((message) => message.channel === 'push');
  expect(pushed).toMatchObject({
    to: ['token-ada'],
    text: 'Order o-2 is on its way, Ada.',
    from: 'aroma',
  });
  const [row] = await house.db.db.sql`
    select state, provider_id, locale from deliveries where customer_id = ${customer} and channel = 'push'`;
  expect(row).toMatchObject({ state: 'sent', locale: 'en' });
  expect(row?.provider_id).toMatch(/^push-dlv_/);
  await house.replayHistories(customer);
});

test('a channel that nobody has set up fails its deliveries within seconds and says what to do; it need not have been there at the start', async () => {
  await house.applyExample(withChannel('pager', 'Order {{ event.properties.order_id }}.'));
  await house.accept(order('bert', 1));
  const customer = await house.findCustomerId('bert');
  await waitUntil(async () => {
    const [row] = await house.db.db.sql`
      select state from deliveries where customer_id = ${customer} and channel = 'pager'`;
    return row?.state === 'failed';
  }, 'the delivery to fail');
  const [row] = await house.db.db
    .sql`select error from deliveries where customer_id = ${customer} and channel = 'pager'`;
  expect(row?.error).toContain("channel pager isn't set up: add it to CHANNELS");
  await house.waitUntilSettled(customer);
  expect(await findSentActions(house, customer)).toEqual([]);
});

test('C-5: content of a text channel falls back to the first locale', async () => {
  await house.applyExample(withChannel('push', 'Order {{ event.properties.order_id }}.'));
  await house.accept({ ...order('cleo', 7), context: { traits: { device_token: 'tok', locale: 'fr-CA' } } });
  const customer = await house.findCustomerId('cleo');
  await house.waitUntilSettled(customer);
  const [row] = await house.db.db.sql`select state, locale from deliveries where customer_id = ${customer}`;
  expect(row).toMatchObject({ state: 'sent', locale: 'en' });
});

/** The grinder's tip goes out by mail and by text message at once. */
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

test('B-3: deliver all: one action by two channels is one contact to the claim, which spacing, limit and caps let through', async () => {
  await house.applyExample(byBothWays);
  const consent = { categoryPreferences: { marketing: true } };
  const traits = { email: 'dora@example.com', phone: '+4930123456' };
  await house.accept({ ...order('dora', 9), context: { traits, consent } });
  const customer = await house.findCustomerId('dora');
  await house.waitUntilSettled(customer);
  await house.advanceTime(customer, 2 * DAY);
  const rows = await house.db.db.sql`
    select channel, state from deliveries where customer_id = ${customer} and action = 'tip-grinder' order by channel`;
  expect(rows.map((row) => [row.channel, row.state])).toEqual([
    ['email', 'sent'],
    ['sms', 'sent'],
  ]);
});
