import { beforeAll, expect, test } from 'vitest';
import { checkBundle } from '../../src/check-bundle.ts';
import type { Bundle } from '../../src/domain/definition.ts';
import { DAY } from '../../src/domain/time/time.ts';
import { SimulatedCustomer } from '../../src/testing/simulated-customer.ts';
import { AROMA } from '../support/paths.ts';

let aroma: Bundle;
beforeAll(async () => {
  const { bundle } = await checkBundle(AROMA);
  if (bundle === null) throw new Error('the example has errors');
  aroma = bundle;
});

const ORDER = {
  event: 'Order Completed',
  properties: { order_id: 'o-1', total: 400, products: [{ product_id: 'espresso-machine' }] },
  context: { traits: { email: 'ada@example.com' }, consent: { categoryPreferences: { marketing: true } } },
};
const actionsOf = (customer: SimulatedCustomer) => customer.messages.map(({ action }) => action);

test('tips that are due while a ticket is open are held, and are sent after it was closed', () => {
  const customer = new SimulatedCustomer(aroma);
  customer.track(ORDER);
  expect(customer.enrollments).toContainEqual(
    expect.objectContaining({ journey: 'tips', step: 'tip', status: expect.any(String) }),
  );
  customer.track({ event: 'Ticket Opened', properties: { ticket_id: 'T1' } });
  customer.passTime(14 * DAY);
  expect(actionsOf(customer)).toEqual(['order-confirmation', 'ticket-help']);
  customer.track({ event: 'Ticket Closed', properties: { ticket_id: 'T1' } });
  customer.passTime(14 * DAY);
  expect(actionsOf(customer).length).toBeGreaterThan(2);
  expect(customer.now).toBe('2026-02-02T09:00:00.000Z');
});

test('a task for a person is listed while it is open', () => {
  const customer = new SimulatedCustomer(aroma, { start: '2026-03-02T10:00:00+01:00' });
  customer.track(ORDER);
  customer.track({
    event: 'Payment Failed',
    properties: { order_id: 'o-2', value: 412, code: 'card_declined' },
  });
  expect(customer.tasks).toEqual([
    { action: 'agent-call', queue: 'sales', at: expect.stringMatching(/^2026-03-02T09:/) },
  ]);
});

test('a control of every journey gets its marketing only where experiments are left out', () => {
  const bundle = { ...aroma, journeys: aroma.journeys.map((journey) => ({ ...journey, holdout: 10_000 })) };
  const live = (experiments: boolean) => {
    const customer = new SimulatedCustomer(bundle, { experiments });
    customer.track(ORDER);
    customer.passTime(30 * DAY);
    return actionsOf(customer).filter((action) => action !== 'order-confirmation').length;
  };
  expect(live(true)).toBe(0);
  expect(live(false)).toBeGreaterThan(0);
});

test('a start that is no time is refused', () => {
  expect(() => new SimulatedCustomer(aroma, { start: 'Monday' })).toThrow('start is "Monday"');
});

test('checkBundle compiles the example without errors', async () => {
  const { bundle, errors } = await checkBundle(AROMA);
  expect(errors).toEqual([]);
  expect(bundle?.workspace.id).toBe('aroma');
});
