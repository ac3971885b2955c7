import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, HOUR } from '../../src/domain/time.ts';
import { everybodyTreated } from '../support/bundles.ts';
import { type House, startHouse } from '../support/house.ts';

let house: House;
beforeAll(async () => {
  house = await startHouse({ files: everybodyTreated });
});
afterAll(() => house?.stop());

const consented = {
  traits: { email: 'ada@example.com', first_name: 'Ada' },
  consent: { categoryPreferences: { marketing: true } },
};

/** Actions that left, oldest first. */
async function sent(customerId: string): Promise<string[]> {
  const rows = await house.db.db.sql`
    select action from deliveries where customer_id = ${customerId} and state = 'sent' order by at, id`;
  return rows.map((row) => row.action);
}

test('story 1, D-4, D-5: a ticket silences marketing at once, service goes on, and tips are decided afresh afterwards', async () => {
  const userId = 'ada';
  await house.accept({
    name: 'Order Completed',
    userId,
    context: consented,
    properties: {
      order_id: 'o-1',
      total: 412,
      currency: 'EUR',
      products: [{ product_id: 'espresso-machine' }],
    },
  });
  const customer = await house.customerOf(userId);
  await house.settled(customer);
  expect(await sent(customer)).toEqual(['order-confirmation']);

  await house.advance(customer, 2 * DAY);
  console.log(await sent(customer));
  await house.accept({ name: 'Ticket Opened', userId, properties: { ticket_id: 'T1', subject: 'It leaks' } });
  await house.advance(customer, 10 * DAY);
  console.log(await sent(customer));
  await house.accept({
    name: 'Ticket Opened',
    userId,
    properties: { ticket_id: 'T2', subject: 'It leaks more' },
  });
  await house.accept({ name: 'Ticket Closed', userId, properties: { ticket_id: 'T1' } });
  await house.advance(customer, 10 * DAY);
  console.log(await sent(customer));
  await house.accept({ name: 'Ticket Closed', userId, properties: { ticket_id: 'T2' } });
  await house.advance(customer, 1 * DAY);
  console.log(await sent(customer));
  await house.advance(customer, 2 * DAY);
  console.log(await sent(customer));
  await house.replayed(customer);
  const handle = house.handle(customer);
  console.log(JSON.stringify(await handle.query('state'), null, 1), (await handle.describe()).historyLength);
  const rows = await house.db.db
    .sql`select ordinal, to_timestamp(at/1000) as at, outcome, actions, changes from decisions where customer_id = ${customer} order by ordinal`;
  for (const r of rows)
    console.log(
      r.ordinal,
      r.at,
      r.outcome,
      JSON.stringify(r.actions.map((a: any) => a.action)),
      JSON.stringify(r.changes),
    );
});
void HOUR;
