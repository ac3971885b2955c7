import { describe, expect, test } from 'vitest';
import { lookUpZone } from '../../src/app/time-zones.ts';
import { readTicket, resolveTicket } from '../../src/domain/ticket.ts';
import { readDate } from '../../src/domain/time/calendar-date.ts';
import { computeDateDue, nextOccurrence } from '../../src/domain/time/occurrence.ts';
import { HOUR, iso } from '../../src/domain/time/time.ts';
import { isParseRefusal, parseCall } from '../../src/sources/segment.ts';
import { readDocTable } from '../support/events-page.ts';

const RECEIVED = Date.UTC(2026, 10, 28, 12);
const envelope = {
  workspace: 'aroma',
  receivedAt: RECEIVED,
  sentAt: undefined,
  historical: false,
  source: 'shop',
};

function parse(fields: Record<string, unknown>) {
  const event = parseCall(
    { type: 'track', userId: 'u', event: 'Order Completed', ...fields },
    null,
    envelope,
  );
  if (isParseRefusal(event)) throw new Error(event.reason);
  return event;
}

/** What the second column of the table says of the instant. */
function readExpected(understood: string): string {
  if (understood.includes('10:00 UTC')) return '2026-11-12T10:00:00.000Z';
  return understood.includes('midnight') ? '2026-11-12T00:00:00.000Z' : iso(RECEIVED);
}

const STAMPS = readDocTable('Times and dates');

test('the page has its tables: a control', () => {
  expect(STAMPS.length).toBeGreaterThan(10);
  expect(readDocTable('Times and dates', 'Sent as a date').length).toBeGreaterThan(10);
});

test.each(STAMPS)('timestamp %s is understood as: %s', (sent = '', understood = '', shown = '') => {
  const timestamp = JSON.parse(sent) as unknown;
  const event = parse({ timestamp });
  expect(iso(event.at)).toBe(readExpected(understood));
  expect(event.notes?.map(({ code, field }) => `${code} ${field}`) ?? []).toEqual(
    shown.includes('note') ? ['unreadable_time timestamp'] : [],
  );
});

test.each(STAMPS)('originalTimestamp %s is understood as: %s', (sent = '', understood = '') => {
  expect(iso(parse({ originalTimestamp: JSON.parse(sent) }).at)).toBe(readExpected(understood));
});

test.each(STAMPS)('updated_at %s of a ticket is understood as: %s', (sent = '', understood = '') => {
  const properties = { ticket_id: 'T', updated_at: JSON.parse(sent) as unknown };
  const at = RECEIVED - HOUR;
  const ticket = readTicket({
    name: 'Ticket Opened',
    properties,
    at,
    acceptedAt: RECEIVED,
    seq: 1,
    source: 'desk',
  });
  const expected = readExpected(understood);
  expect(iso(ticket?.version ?? 0)).toBe(expected === iso(RECEIVED) ? iso(at) : expected);
});

test('a ticket whose update lies in the future is closed by the next event', () => {
  const report = (name: string, seq: number, at: number, properties: object) =>
    readTicket({
      name,
      properties: { ticket_id: 'T', ...properties },
      at,
      acceptedAt: at + 500,
      seq,
      source: 'desk',
    });
  const opened = report('Ticket Opened', 1, RECEIVED, { updated_at: iso(RECEIVED + 24 * HOUR) });
  const closed = report('Ticket Closed', 2, RECEIVED + 100, {});
  if (!opened || !closed) throw new Error('these are tickets');
  expect(resolveTicket(opened, closed).status).toBe('closed');
});

test('sentAt corrects the clock of the client in any form, and a zero time corrects nothing', () => {
  const ahead = (time: string) => time.replace('T12', 'T13');
  const sentAt = '2026-11-28T12:00:00';
  for (const form of [sentAt, `${sentAt}Z`, RECEIVED, RECEIVED / 1_000])
    expect(parse({ timestamp: '2026-11-28T11:00:00Z', sentAt: form }).at).toBe(RECEIVED - HOUR);
  expect(parse({ timestamp: ahead(`${sentAt}Z`), sentAt: ahead(sentAt) }).at).toBe(RECEIVED);
  expect(parse({ timestamp: '2026-11-28T11:00:00Z', sentAt: '0001-01-01T00:00:00Z' }).at).toBe(
    RECEIVED - HOUR,
  );
  expect(parse({ sentAt: 'now' }).notes).toEqual([
    { code: 'unreadable_time', field: 'sentAt', value: 'now' },
  ]);
});

describe.each(readDocTable('Times and dates', 'Sent as a date'))(
  'the date %s is understood as: %s',
  (sent = '', _ = '', shown = '') => {
    const reading = readDate(JSON.parse(sent));
    const now = Date.UTC(2026, 10, 28);
    const zone = lookUpZone('America/New_York', 'UTC', now);
    const occur = (repeat: 'year' | 'once') =>
      nextOccurrence(
        { offset: 0, at: 9 * 60, repeat, leapDay: 'feb28', grace: 6 * HOUR },
        reading,
        zone,
        now,
        null,
      );
    const wait = () => computeDateDue(reading, 0, zone, now);

    if (shown !== '24 December') {
      test('it is no date', () => {
        expect(reading.kind).toBe(shown === 'no date' ? 'missing' : 'invalid');
        expect([occur('year'), occur('once'), wait()]).toEqual([null, null, undefined]);
      });
      return;
    }
    test('it is 24 December for an entry of every year', () => {
      expect(occur('year')).toEqual({ on: '2026-12-24', at: Date.UTC(2026, 11, 24, 14) });
    });
    test('it is 24 December for an entry that comes once, if it has a year', () => {
      expect(occur('once')?.on).toBe(reading.kind === 'yearly' ? undefined : '1990-12-24');
    });
    test('a wait ends with the day, or at the instant', () => {
      const midnight = Date.UTC(reading.kind === 'yearly' ? 2026 : 1990, 11, 24, 5);
      expect(wait()).toBe(sent.includes('01:30') ? Date.UTC(1990, 11, 25, 1, 30) : midnight);
    });
  },
);

test('a timestamp of CEL keeps its instant, and only a yearly entry takes its day', () => {
  const now = Date.UTC(2026, 10, 28);
  const zone = lookUpZone('America/New_York', 'UTC', now);
  const at = Date.UTC(2026, 11, 24);
  const reading = readDate(new Date(at));
  const rule = { offset: 0, at: 9 * 60, leapDay: 'feb28', grace: 6 * HOUR } as const;
  expect(computeDateDue(reading, 0, zone, now)).toBe(at);
  expect(nextOccurrence({ ...rule, repeat: 'once' }, reading, zone, now, null)?.on).toBe('2026-12-23');
  expect(nextOccurrence({ ...rule, repeat: 'year' }, reading, zone, now, null)?.on).toBe('2026-12-24');
});
