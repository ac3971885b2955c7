import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR, SECOND } from '../../../src/domain/time/time.ts';
import type { LiveState } from '../../../src/workflows/messages.ts';
import { CUSTOMER, ORDER } from '../../sources/payloads/shopify/order.ts';
import { findSentActions } from '../../support/system.ts';
import { type ConnectedShop, now, startConnectedShop } from './connected-shop.ts';

/** What Shopify calls the espresso machine. */
const MACHINE = '7700000000001';

let shop: ConnectedShop;
beforeAll(async () => {
  shop = await startConnectedShop((files) =>
    files.map((file) =>
      file.path.endsWith('.yaml')
        ? { ...file, text: file.text.replaceAll(/'?espresso-machine'?/g, `'${MACHINE}'`) }
        : file,
    ),
  );
});
afterAll(() => shop?.stop());

const mailAbout = (words: string) => shop.resend.mails.find(({ subject }) => subject.includes(words));

test('story 1, D-4, D-5: Shopify reports the machine, Zendesk the ticket, and what Resend reports about each mail comes back', async () => {
  const { system } = shop;
  await shop.shopify('customers/update', {
    ...CUSTOMER,
    updated_at: now(),
    email_marketing_consent: { ...CUSTOMER.email_marketing_consent, consent_updated_at: now() },
  });
  const order = { ...ORDER, created_at: now(), processed_at: now(), updated_at: now(), discount_codes: [] };
  await shop.shopify('orders/create', order);
  await shop.shopify('orders/paid', { ...order, updated_at: now() });
  const customer = await shop.customerOf('helen@example.com');
  const settle = () => system.waitUntilSettled(customer);
  await settle();
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation']);

  // Resend reports its way, twice and out of order. The delivery knows the furthest that it came.
  const confirmation = shop.resend.mails[0] as (typeof shop.resend.mails)[number];
  expect(confirmation.to).toEqual(['helen@example.com']);
  for (const type of ['email.opened', 'email.delivered', 'email.opened'])
    await shop.reportMail(confirmation, type);
  await settle();

  await system.advanceTime(customer, 7 * DAY);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation', 'tip-grinder']);

  // The machine leaks. The help leaves, the second tip does not.
  await shop.ticket({ ticket_id: '35436', subject: 'It leaks' });
  await settle();
  expect((await findSentActions(system, customer)).at(-1)).toBe('ticket-help');
  expect(mailAbout('It leaks')?.to).toEqual(['helen@example.com']);
  await system.advanceTime(customer, 5 * DAY);
  const readState = async () => (await system.getWorkflowHandle(customer).query('state')) as LiveState;
  expect((await readState()).openTickets.map(({ id }) => id)).toEqual(['35436']);

  // A second ticket opens and the first is solved: still silent.
  const opened = new Date(Date.now() - SECOND).toISOString();
  await shop.ticket({ ticket_id: '35437', subject: 'It hisses' });
  await shop.ticket({ ticket_id: '35436', status: 'Solved', created_at: opened });
  await system.advanceTime(customer, 5 * DAY);
  expect((await readState()).openTickets.map(({ id }) => id)).toEqual(['35437']);
  expect((await findSentActions(system, customer)).filter((action) => action.startsWith('tip-'))).toEqual([
    'tip-grinder',
  ]);

  // The last one is closed: a cool-down, the survey, and tips that are still right.
  await shop.ticket({ ticket_id: '35437', status: 'Closed', created_at: opened });
  await system.advanceTime(customer, 47 * HOUR);
  expect((await findSentActions(system, customer)).at(-1)).toBe('ticket-help');
  await system.advanceTime(customer, 2 * HOUR);
  expect((await findSentActions(system, customer)).at(-1)).toBe('csat-survey');
  await system.advanceTime(customer, 2 * DAY);
  expect((await findSentActions(system, customer)).at(-1)).toBe('tip-milk');

  // A late "opened" for a closed ticket changes nothing.
  await shop.ticket({ ticket_id: '35436', updated_at: opened, created_at: opened });
  await settle();
  expect((await readState()).openTickets).toEqual([]);

  // Every mail of the log is one at Resend.
  const sent = await findSentActions(system, customer);
  expect(shop.resend.mails).toHaveLength(sent.length);
  const deliveries = (await shop.get(`/v1/customers/${customer}/deliveries`)).body.data;
  const ofConfirmation = deliveries.find(({ action }: { action: string }) => action === 'order-confirmation');
  expect(ofConfirmation).toMatchObject({
    state: 'sent',
    providerId: confirmation.id,
    receipts: { stage: 'opened', deliveredAt: expect.any(String) },
  });

  // A complaint about the tip suppresses the address: no further mail leaves, whatever the journeys want.
  const tip = shop.resend.mails.at(-1) as (typeof shop.resend.mails)[number];
  await shop.reportMail(tip, 'email.complained');
  await settle();
  await system.advanceTime(customer, 15 * DAY);
  expect(shop.resend.mails).toHaveLength(sent.length);
  await system.replayHistories(customer);
});
