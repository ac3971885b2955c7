import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Bundle } from '../../../src/domain/definition.ts';
import { DAY, HOUR } from '../../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { compileAroma, type EventInput, Life } from '../../support/life.ts';

const START = Date.UTC(2026, 0, 5, 9);
let aroma: Bundle;
beforeAll(async () => {
  aroma = await compileAroma(treatEveryCustomer);
});

const consented = {
  traits: { email: 'ada@example.com' },
  consent: { categoryPreferences: { marketing: true } },
};
const machine = {
  name: 'Order Completed',
  context: consented,
  properties: { order_id: 'o-1', total: 400, products: [{ product_id: 'espresso-machine' }] },
};

/** Anything that may happen to a customer, at some distance from the thing before. */
const happening = fc.record({
  after: fc.integer({ min: 0, max: 5 * DAY }),
  event: fc.oneof(
    fc.record({
      name: fc.constantFrom('Ticket Opened', 'Ticket Updated', 'Ticket Closed'),
      properties: fc.record({
        ticket_id: fc.constantFrom('T1', 'T2', 'T3'),
        updated_at: fc.integer({ min: 0, max: 40 }).map((day) => new Date(START + day * DAY).toISOString()),
      }),
    }),
    fc.record({
      name: fc.constantFrom('Order Completed', 'Payment Failed'),
      properties: fc.record({
        order_id: fc.constantFrom('o-2', 'o-3', 'o-4'),
        value: fc.integer({ min: 0, max: 500 }),
        total: fc.integer({ min: 0, max: 500 }),
        products: fc.constantFrom([], [{ product_id: 'espresso-machine' }]),
      }),
    }),
    fc.record({ name: fc.constantFrom('Customer Paused', 'Customer Resumed', 'Page Viewed', 'Unheard Of') }),
    fc.record({
      name: fc.constant('Consent Changed'),
      properties: fc.record({
        purpose: fc.constant('marketing'),
        status: fc.constantFrom('granted', 'withdrawn'),
        topic: fc.constantFrom('*', 'tips'),
      }),
    }),
  ),
});

test('D-4, I3: no marketing is planned while a ticket is open or cooling down, in any order of events', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const life = new Life(aroma, START);
      life.acceptAndDecide(machine);
      for (const { after, event } of happenings) {
        const before = life.deliveries.length;
        life.passTime(after);
        checkSilence(life, before);
        const planned = life.deliveries.length;
        life.acceptAndDecide(event as EventInput);
        checkSilence(life, planned);
      }
    }),
    { numRuns: 300 },
  );
});

function checkSilence(life: Life, from: number): void {
  for (const delivery of life.deliveries.slice(from)) {
    if (delivery.class !== 'marketing') continue;
    const open = [...life.tickets.values()].filter(
      (t) => t.status === 'open' && t.openedAt < delivery.at && openSince(life, t.id) <= delivery.at,
    );
    expect(open).toEqual([]);
    expect(life.paused && life.paused.since < delivery.at).toBeFalsy();
  }
}

/** When the log first said what now holds of a ticket. */
function openSince(life: Life, id: string): number {
  const seq = life.tickets.get(id)?.seq;
  return life.log.find((event) => event.seq === seq)?.acceptedAt ?? 0;
}

test('fault 12: folding ticket events gives the same result in any order and with any number of copies', () => {
  const reports = fc.array(
    fc.record({
      name: fc.constantFrom('Ticket Opened', 'Ticket Closed', 'Ticket Updated'),
      at: fc.integer({ min: 0, max: 5 }).map((day) => START + day * DAY),
      properties: fc.record({ ticket_id: fc.constantFrom('T1', 'T2') }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(reports, fc.infiniteStream(fc.nat()), (events, randoms) => {
      const shuffled = [...events, ...events]
        .map((e) => ({ e, key: randoms.next().value }))
        .sort((a, b) => a.key - b.key);
      const statuses = (list: EventInput[]) => {
        const life = new Life(aroma, START);
        life.accept(...list);
        return [...life.tickets.values()].map((t) => [t.id, t.status, t.version]).sort();
      };
      expect(statuses(shuffled.map((s) => s.e))).toEqual(statuses(events));
    }),
  );
});

test('a closed ticket wins over an open one of the same version, and a late "opened" changes nothing', () => {
  const life = new Life(aroma, START);
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
  life.passTime(HOUR);
  life.acceptAndDecide({ name: 'Ticket Closed', properties: { ticket_id: 'T1' } });
  life.passTime(HOUR);
  const late = {
    name: 'Ticket Opened',
    properties: { ticket_id: 'T1', updated_at: new Date(START).toISOString() },
  };
  const advanced = life.acceptAndDecide(late);
  expect(life.tickets.get('T1')?.status).toBe('closed');
  expect(advanced.state.openTickets).toEqual([]);
  expect(life.state.enrollments.filter((e) => e.journey === 'ticket-care')).toHaveLength(1);
});

test('the first decision that sees the ticket closed begins the cool-down in journey time', () => {
  const life = new Life(aroma, START);
  life.acceptAndDecide({ name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
  life.accept({ name: 'Ticket Closed', at: START, properties: { ticket_id: 'T1' } });
  life.now = START + 10 * DAY;
  life.decide([life.log.at(-1) as (typeof life.log)[0]]);
  expect(life.state.quietUntil).toBe(START + 12 * DAY);
});
