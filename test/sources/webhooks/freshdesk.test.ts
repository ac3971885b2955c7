import { expect, test } from 'vitest';
import { ruleBody } from '../payloads/freshdesk/rule.ts';
import {
  findTicketCall,
  listEvents,
  listNames,
  RECEIVED,
  read,
  readCalls,
  readRows,
  type Sent,
} from './help-desk-support.ts';

const LATER = '2026-11-12 11:02:00 UTC';
const rule = (values: Parameters<typeof ruleBody>[0] = {}, more: Record<string, string> = {}): Sent => ({
  body: ruleBody(values, more),
});
const change = (from: string, to: string) => `{status:{from:${from},to:${to}}}`;
const reportOf = (sent: Sent) => findTicketCall(readCalls('freshdesk', sent));

/** What is sent, by the first cell of its row. */
const SENT: Record<string, Sent> = {
  'the template, when a ticket is created': rule(),
  'the template, when it is resolved or closed': rule({
    status: 'Resolved',
    updated_at: LATER,
    triggered_event: change('Open', 'Resolved'),
  }),
  'the template, when it is opened again': rule({
    status: 'Open',
    updated_at: LATER,
    triggered_event: change('5', '2'),
  }),
  'the template, when something else changes': rule({
    status: 'Closed',
    updated_at: LATER,
    triggered_event: '{priority:{from:1,to:3}}',
  }),
};

/** What the other rows say. */
const OTHER: Record<string, () => void> = {
  'status `2` to `7` for the word': () => {
    const statuses = ['2', '3', '4', '5', '6', '7'].map((status) =>
      reportOf(rule({ status, updated_at: LATER })),
    );
    expect(statuses.map(({ properties }) => properties?.status)).toEqual([
      'open',
      'pending',
      'resolved',
      'closed',
      'waiting on customer',
      'waiting on third party',
    ]);
  },
  'priority `1` to `4` for the word': () => {
    const severities = ['1', '2', '3', '4', 'Urgent'].map(
      (priority) => reportOf(rule({ priority })).properties?.severity,
    );
    expect(severities).toEqual(['low', 'medium', 'high', 'urgent', 'urgent']);
  },
  contact_unique_external_id: () => {
    expect(reportOf(rule({ contact_unique_external_id: 'helen' })).userId).toBe('helen');
    expect(reportOf(rule())).not.toHaveProperty('userId');
  },
  '`contact_email`, `contact_phone` or `contact_mobile`, `contact_name`': () => {
    const traits = (values: Parameters<typeof ruleBody>[0]) =>
      readCalls('freshdesk', rule(values))[0]?.traits;
    expect(traits({ contact_phone: '030 1' })).toEqual({
      email: 'helen@example.com',
      phone: '030 1',
      name: 'Helen Miller',
    });
    expect(traits({ contact_phone: '030 1', contact_mobile: '0151 2' })).toMatchObject({ phone: '0151 2' });
  },
  contact_id: () => {
    expect(reportOf(rule()).context.externalIds).toEqual([{ type: 'freshdesk', id: '150006383528' }]);
  },
  'a field that you add to the template': () => {
    expect(reportOf(rule({}, { fault: 'ours' })).properties).toMatchObject({
      fault: 'ours',
      ticket_id: '1228',
    });
  },
  'a subject with quotation marks, which make the body no JSON': () => {
    const subject = 'The "Barista" leaks';
    expect(reportOf(rule({ subject })).properties).toMatchObject({
      ticket_id: '1228',
      status: 'open',
      subject,
    });
  },
  'the simple form, with its fields ticked': () => {
    const simple = {
      ticket_id: 1228,
      ticket_subject: 'It leaks',
      ticket_status: 'Open',
      ticket_priority: 'High',
      ticket_ticket_type: 'Problem',
      ticket_contact_email: 'helen@example.com',
      ticket_contact_name: 'Helen Miller',
      triggered_event: '{ticket_action:created}',
    };
    const call = reportOf({ body: { freshdesk_webhook: simple } });
    expect(call).toMatchObject({
      event: 'Ticket Opened',
      properties: {
        ticket_id: '1228',
        subject: 'It leaks',
        status: 'open',
        severity: 'high',
        type: 'problem',
      },
      context: { traits: { email: 'helen@example.com' } },
    });
  },
  'the same report again': () => {
    const again = { ...rule(), receivedAt: RECEIVED + 1_800_000 };
    expect(readCalls('freshdesk', again)).toEqual(readCalls('freshdesk', rule()));
  },
};

const ROWS = readRows('Freshdesk', 'Freshdesk sends');
/** test/sources/webhooks/ticket-order.test.ts has all orders, of all kinds. */
const ELSEWHERE = ['reports that come in another order'];

test('each row has a test', () => {
  const known = [...Object.keys(SENT), ...Object.keys(OTHER), ...ELSEWHERE];
  expect(known.sort()).toEqual(ROWS.map(([what]) => what).sort());
});

test.each(ROWS.filter(([what]) => !ELSEWHERE.includes(what)))('%s becomes %s', (what, becomes) => {
  const sent = SENT[what];
  if (sent) expect(listEvents(readCalls('freshdesk', sent))).toEqual(listNames(becomes));
  else OTHER[what]?.();
});

test('a report is known by ticket, time and content', () => {
  const id = (values: Parameters<typeof ruleBody>[0]) => reportOf(rule(values)).messageId;
  expect(id({})).toMatch(/^1228:1794478470000:/);
  expect(
    new Set([id({}), id({ updated_at: LATER }), id({ status: 'Closed' }), id({ ticket_id: '7' })]).size,
  ).toBe(4);
});

test.each<[string, Sent, string]>([
  ['no body', { body: '' }, 'the body'],
  ['no ticket', rule({ ticket_id: '' }), 'ticket_id'],
  ['no contact', rule({ contact_id: '', contact_email: '' }), 'contact_email'],
])('%s is unreadable, with what was expected', (_, sent, field) => {
  expect(read('freshdesk', sent)).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringMatching(new RegExp(`^expected ${field} to be `)),
  });
});

test('statuses of your own are settings', () => {
  const settings = { statuses: { '8': 'closed', '9': 'open' } };
  const named = (status: string) =>
    findTicketCall(
      readCalls('freshdesk', rule({ status, updated_at: LATER, triggered_event: '' }), settings),
    );
  expect(named('8')).toMatchObject({ event: 'Ticket Closed', properties: { status: 'closed' } });
  expect(named('9')).toMatchObject({ event: 'Ticket Updated', properties: { status: 'open' } });
});

const UNKNOWN: Record<string, () => void> = {
  'the order of reports without `updated_at`': () => {
    expect(reportOf(rule({ updated_at: '' }))).not.toHaveProperty('timestamp');
  },
  'a question, or its answer': () => {
    expect(listEvents(readCalls('freshdesk', rule({ type: 'Question' })))).not.toContain('Question Asked');
  },
  'a rating': () => {
    expect(listEvents(readCalls('freshdesk', rule({}, { rating: '5' })))).not.toContain('Survey Answered');
  },
};

test.each(readRows('Freshdesk', 'Cannot be known'))('cannot be known: %s', (what) => {
  expect(Object.keys(UNKNOWN)).toContain(what);
  UNKNOWN[what]?.();
});
