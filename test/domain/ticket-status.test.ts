import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOutdated, noteTicket, readTicket, resolveTicket, type Ticket } from '../../src/domain/ticket.ts';
import { readTicketStatus } from '../../src/domain/ticket-status.ts';

const report = (name: string, at: number, properties: object = {}) =>
  readTicket({ name, at, seq: at, source: 'desk', properties: { ticket_id: 'T1', ...properties } }) as Ticket;
const fold = (...reports: Ticket[]) => reports.reduce<Ticket | undefined>(resolveTicket, undefined) as Ticket;

test.each([
  'Open',
  ' new ',
  'PENDING',
  'on-hold',
  'on_hold',
  'Waiting on Customer',
  'offen',
  'In Bearbeitung',
  'en cours',
])('the status %j is open, whatever the name of the event', (status) =>
  expect(report('Ticket Closed', 1, { status }).status).toBe('open'),
);

test.each([
  'Closed',
  ' solved',
  'RESOLVED',
  'Done',
  'canceled',
  'merged',
  'Deleted',
  'spam',
  'Gelöst',
  'fermé',
  'resuelto',
])('the status %j is closed, whatever the name of the event', (status) =>
  expect(report('Ticket Updated', 1, { status }).status).toBe('closed'),
);

test.each(['5', 5, 'Stufe 2', { id: 5 }])(
  'the status %j is not known: the name of the event decides',
  (status) => {
    expect(report('Ticket Opened', 1, { status }).status).toBe('open');
    expect(report('Ticket Closed', 1, { status }).status).toBe('closed');
    const noted = noteTicket({ name: 'Ticket Closed', properties: { ticket_id: 'T1', status } });
    expect(noted).toMatchObject([{ code: 'unknown_ticket_status', field: 'properties.status' }]);
  },
);

test('own words of the workspace go before the known ones', () => {
  const own = { '5': 'closed', open: 'closed' } as const;
  expect(readTicketStatus(5, own)).toBe('closed');
  expect(readTicketStatus(' OPEN', own)).toBe('closed');
  expect(readTicketStatus('constructor', own)).toBeUndefined();
});

describe('an update that names no known state', () => {
  const closed = fold(report('Ticket Opened', 1), report('Ticket Closed', 2));
  test.each([{}, { status: null }, { status: 'Stufe 2' }])(
    'leaves a closed ticket closed: %j',
    (properties) => {
      expect(fold(closed, report('Ticket Updated', 3, properties))).toMatchObject({
        status: 'closed',
        closedAt: 2,
      });
    },
  );
  test('opens a ticket of which nothing else is known', () => {
    expect(report('Ticket Updated', 3).status).toBe('open');
  });
  test('is overruled by a close that happened earlier and comes later', () => {
    expect(fold(report('Ticket Updated', 3), report('Ticket Closed', 2)).status).toBe('closed');
  });
});

test('a ticket keeps severity, subject and product of the newest report that names them', () => {
  const opened = report('Ticket Opened', 1, { severity: 'Minor', subject: 'Grinder', product_id: 'g1' });
  const updated = report('Ticket Updated', 2, { severity: ' urgent ' });
  expect(fold(opened, updated, report('Ticket Closed', 3))).toMatchObject({
    status: 'closed',
    severity: 'urgent',
    subject: 'Grinder',
    product: 'g1',
  });
  expect(report('Ticket Closed', 3).severity).toBe('normal');
});

test('the result does not depend on the order in which the reports arrive', () => {
  const one = fc.record({
    name: fc.constantFrom('Ticket Opened', 'Ticket Updated', 'Ticket Closed'),
    at: fc.integer({ min: 1, max: 20 }),
    properties: fc.record(
      {
        status: fc.constantFrom('open', 'closed', '5'),
        severity: fc.constantFrom('minor', 'urgent'),
        subject: fc.constantFrom('a', 'b'),
      },
      { requiredKeys: [] },
    ),
  });
  const reports = fc.uniqueArray(one, { selector: ({ at }) => at, minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(reports, fc.infiniteStream(fc.nat()), (inputs, ranks) => {
      const shuffled = inputs
        .map((input) => ({ input, rank: ranks.next().value as number }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ input }) => input);
      const sorted = [...inputs].sort((a, b) => a.at - b.at);
      const all = (list: typeof inputs) => fold(...list.map((r) => report(r.name, r.at, r.properties)));
      const { status, severity, subject, version, closedAt } = all(sorted);
      expect(all(shuffled)).toMatchObject({ status, severity, subject, version, closedAt });
    }),
  );
});

test('a report is outdated when a newer one, accepted earlier, has said otherwise', () => {
  const at = (name: string, time: number, seq: number) =>
    readTicket({ name, at: time, seq, source: 'desk', properties: { ticket_id: 'T1' } }) as Ticket;
  const closed = at('Ticket Closed', 5, 1);
  const late = at('Ticket Opened', 3, 2);
  expect(isOutdated(fold(closed, late), late)).toBe(true);
  const update = at('Ticket Updated', 9, 2);
  const close = at('Ticket Closed', 7, 3);
  expect(isOutdated(fold(at('Ticket Opened', 1, 1), update, close), close)).toBe(false);
});

test('a ticket event without a number is noted', () => {
  expect(noteTicket({ name: 'Ticket Opened', properties: {} })).toMatchObject([
    { code: 'ticket_without_id' },
  ]);
  expect(noteTicket({ name: 'Ticket Overdue', properties: {} })).toEqual([]);
});
