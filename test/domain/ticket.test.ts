import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionClass, TicketPolicy } from '../../src/domain/definition.ts';
import { ACTION_CLASSES } from '../../src/domain/definition.ts';
import { readTicket, resolveTicket, type Ticket } from '../../src/domain/ticket.ts';
import {
  computeSuppression,
  coolDownOf,
  findSuppressionEnd,
  suppressesAction,
} from '../../src/domain/ticket-suppression.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { NOW, TICKETS, ticket } from '../engine/support.ts';

const marketing = (product: string | null = null) => ({ class: 'marketing' as ActionClass, product });

test('E-7, D-4: with scope product a ticket suppresses only actions on its product; one without a product suppresses all', () => {
  const policy: TicketPolicy = { ...TICKETS, scope: 'product' };
  const grinder = ticket({ product: 'grinder' });
  expect(suppressesAction(policy, grinder, marketing('grinder'))).toBe(true);
  expect(suppressesAction(policy, grinder, marketing('machine'))).toBe(false);
  expect(suppressesAction(policy, grinder, marketing())).toBe(false);
  expect(suppressesAction(policy, ticket(), marketing('machine'))).toBe(true);
  expect(suppressesAction({ ...policy, scope: 'customer' }, grinder, marketing('machine'))).toBe(true);
});

test('D-4: a severity overrides the suppressed classes and the cool-down; other severities follow the policy', () => {
  const policy: TicketPolicy = {
    ...TICKETS,
    severity: {
      low: { suppress: [], cooldown: null },
      critical: { suppress: ['marketing', 'service'], cooldown: 5 * DAY },
    },
  };
  const of = (severity: string) => ticket({ severity });
  const service = { class: 'service' as ActionClass, product: null };
  expect(['low', 'normal', 'critical'].map((s) => suppressesAction(policy, of(s), marketing()))).toEqual([
    false,
    true,
    true,
  ]);
  expect(['low', 'normal', 'critical'].map((s) => suppressesAction(policy, of(s), service))).toEqual([
    false,
    false,
    true,
  ]);
  expect(['low', 'normal', 'critical'].map((s) => coolDownOf(policy, of(s)))).toEqual([
    48 * HOUR,
    48 * HOUR,
    5 * DAY,
  ]);
  expect(suppressesAction(policy, of('constructor'), marketing())).toBe(true);
});

test('correctness 11: a closed ticket that no decision has seen has its whole cool-down ahead', () => {
  const closed = ticket({ status: 'closed', closedAt: NOW - 9 * DAY });
  expect(findSuppressionEnd(TICKETS, closed, NOW)).toBe(NOW + 48 * HOUR);
  expect(findSuppressionEnd(TICKETS, { ...closed, quietUntil: NOW - 1 }, NOW)).toBe(NOW - 1);
  expect(findSuppressionEnd(TICKETS, ticket(), NOW)).toBeNull();
});

test('conditions read marketing as suppressed by open tickets and cool-downs, service by open tickets alone', () => {
  const read = (tickets: Ticket[]) => computeSuppression(TICKETS, tickets, NOW);
  const cooling = ticket({ status: 'closed', quietUntil: NOW + 1 });
  expect(read([])).toEqual({ marketing: false, service: false });
  expect(read([ticket()])).toEqual({ marketing: true, service: true });
  expect(read([cooling])).toEqual({ marketing: true, service: false });
  expect(read([{ ...cooling, quietUntil: NOW }])).toEqual({ marketing: false, service: false });
});

test('a ticket keeps the beginning of long texts, without half a character', () => {
  const properties = {
    ticket_id: 'T',
    subject: `${'s'.repeat(999)}😀`,
    status: 'x'.repeat(9_000),
    source: 'y'.repeat(900),
  };
  const read = readTicket({ name: 'Ticket Updated', properties, at: NOW, seq: 1, source: 'desk' });
  expect(read?.subject.slice(0, 999)).toBe('s'.repeat(999));
  expect(read?.subject.isWellFormed()).toBe(true);
  expect([read?.subject.length, read?.rawStatus.length, read?.source.length]).toEqual([1_000, 255, 255]);
});

test('a ticket keeps its product when a later event leaves it out', () => {
  const report = (name: string, at: number, properties: object) =>
    readTicket({
      name,
      at,
      seq: at,
      source: 'desk',
      properties: { ticket_id: 'T1', ...properties },
    }) as Ticket;
  const opened = report('Ticket Opened', 1, { product_id: 'grinder' });
  const closed = report('Ticket Closed', 2, {});
  expect(resolveTicket(opened, closed)).toMatchObject({
    status: 'closed',
    product: 'grinder',
    ownerId: null,
  });
  expect(resolveTicket(closed, opened)).toMatchObject({
    status: 'closed',
    product: 'grinder',
    ownerId: null,
  });
});

test('D-4: additional tickets never suppress less', () => {
  const severity = fc.constantFrom('low', 'normal', 'critical');
  const product = fc.constantFrom(null, 'a', 'b');
  const classes = fc.subarray([...ACTION_CLASSES]);
  const override = fc.record({ suppress: fc.option(classes), cooldown: fc.option(fc.nat()) });
  const policy = fc.record({
    suppress: classes,
    scope: fc.constantFrom('customer', 'account', 'product'),
    cooldown: fc.nat(),
    maxAge: fc.constant(DAY),
    severity: fc.dictionary(severity, override),
  }) as fc.Arbitrary<TicketPolicy>;
  const tickets = fc.array(
    fc
      .record({ severity, product, status: fc.constantFrom('open', 'closed') })
      .map((t) => ticket(t as Partial<Ticket>)),
  );
  fc.assert(
    fc.property(policy, tickets, tickets, (by, some, more) => {
      const fewer = computeSuppression(by, some, NOW);
      const all = computeSuppression(by, [...some, ...more], NOW);
      expect(all.marketing || !fewer.marketing).toBe(true);
      expect(all.service || !fewer.service).toBe(true);
    }),
  );
});
