import { afterAll, beforeAll, expect, test } from 'vitest';
import { CUSTOMER, ORDER } from '../../sources/payloads/shopify/order.ts';
import { findSentActions, waitUntil } from '../../support/system.ts';
import { type ConnectedShop, now, startConnectedShop } from './connected-shop.ts';

let shop: ConnectedShop;
beforeAll(async () => {
  shop = await startConnectedShop();
});
afterAll(() => shop?.stop());

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const CODE = /\b[0-9A-HJKMNP-TV-Z]{12}\b/;

async function eventsOf(customer: string, name: string): Promise<Record<string, unknown>[]> {
  const rows = await shop.system.db.db.sql`
    select body -> 'properties' as properties from events where customer_id = ${customer} and name = ${name}`;
  return rows.map(({ properties }) => properties);
}

test('story 3, D-9, D-10: our fault at Zendesk earns one code by Resend and Twilio, and a Shopify order with it closes the loop', async () => {
  const { system } = shop;
  await shop.shopify('customers/update', {
    ...CUSTOMER,
    updated_at: now(),
    email_marketing_consent: { ...CUSTOMER.email_marketing_consent, consent_updated_at: now() },
    sms_marketing_consent: {
      ...CUSTOMER.sms_marketing_consent,
      state: 'subscribed',
      consent_updated_at: now(),
    },
  });
  const customer = await shop.customerOf('helen@example.com');
  const opened = now();
  const ticket = { ticket_id: '35436', subject: 'It came broken', requester_phone: CUSTOMER.phone };
  const cause = { fault: 'ours', order_id: '5552223334441' };
  await shop.ticket({ ...ticket, updated_at: opened, created_at: opened }, cause);
  await system.waitUntilSettled(customer);
  // Zendesk sends the closing twice.
  const closed = { ...ticket, status: 'Closed', created_at: opened, updated_at: now() };
  await shop.ticket(closed, cause);
  await shop.ticket(closed, cause);
  await system.waitUntilSettled(customer);

  const sent = await findSentActions(system, customer);
  expect(sent.filter((action) => action === 'coupon-20')).toHaveLength(2);
  const [message] = shop.twilio.messages;
  const code = CODE.exec(message?.Body ?? '')?.[0] as string;
  expect(code).toBeDefined();
  expect(shop.twilio.messages).toHaveLength(1);
  const mails = shop.resend.mails.filter(({ html, text }) => `${html} ${text}`.includes(code));
  expect(mails).toHaveLength(1);

  // Both providers report delivery; Twilio's report arrives before and after another one.
  for (const status of ['sent', 'delivered', 'sent'])
    expect((await shop.twilio.report(message?.sid as string, status)).status).toBe(200);
  await shop.reportMail(mails[0] as (typeof mails)[number], 'email.delivered');
  await system.waitUntilSettled(customer);
  const { data } = (await shop.get(`/v1/customers/${customer}/deliveries`)).body;
  const coupons = data.filter(({ action }: { action: string }) => action === 'coupon-20');
  expect(coupons.map(({ channel }: { channel: string }) => channel).sort()).toEqual(['email', 'sms']);
  for (const coupon of coupons) expect(coupon.receipts).toMatchObject({ stage: 'delivered' });

  // The button of the mail leads to her catalogue, whose links apply the code in the shop.
  const button = /href="([^"]*\/(?:r|catalogue)\/[^"]*)"/.exec(mails[0]?.html ?? '')?.[1] as string;
  const page = await fetch(button.replaceAll('&amp;', '&'), { headers: { 'user-agent': BROWSER } });
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("default-src 'none'"),
  ]);
  expect(await page.text()).toContain(`code=${code}`);
  await system.waitUntilSettled(customer);
  await waitUntil(async () => (await eventsOf(customer, 'Catalogue Viewed')).length > 0, 'the view');

  // The next purchase carries the code.
  await shop.shopify('orders/create', {
    ...ORDER,
    created_at: now(),
    processed_at: now(),
    updated_at: now(),
    // Shopify writes a code as the customer typed it.
    discount_codes: [
      { code: 'FREESHIP', amount: '4.90', type: 'shipping' },
      { code: code.toLowerCase(), amount: '80.00', type: 'percentage' },
    ],
  });
  await waitUntil(async () => (await eventsOf(customer, 'Coupon Redeemed')).length > 0, 'the redemption');
  await system.waitUntilSettled(customer);
  expect(await eventsOf(customer, 'Coupon Redeemed')).toMatchObject([
    { action: 'coupon-20', order_id: '5552223334441', percent: 20 },
  ]);
  const [enrollment] = await system.db.db.sql`
    select reason from enrollments where customer_id = ${customer} and journey = 'making-good'`;
  expect(enrollment?.reason).toBe('exit: Coupon Redeemed');

  // STOP by text message: the next message leaves by mail alone.
  expect((await shop.twilio.receive(shop.phonesUrl, CUSTOMER.phone, 'Stop')).status).toBe(200);
  await system.waitUntilSettled(customer);
  const { body: view } = await shop.get(`/v1/customers/${customer}`);
  expect(JSON.stringify(view.consents)).toContain('withdrawn');
  await system.replayHistories(customer);
});
