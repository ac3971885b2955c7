import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { zendesk } from '../../../src/sources/webhooks/zendesk.ts';
import { comment, ticketEvent, userEvent } from '../payloads/zendesk/events.ts';
import { triggerBody } from '../payloads/zendesk/trigger.ts';
import {
  type Fields,
  findTicketCall,
  listEvents,
  listNames,
  RECEIVED,
  read,
  readCalls,
  readRows,
  type Sent,
  settingsOf,
} from './help-desk-support.ts';

const SIGNED = '2026-11-12T10:14:31Z';
const trigger = (
  values: Parameters<typeof triggerBody>[0] = {},
  more: Record<string, string> = {},
): Sent => ({
  body: triggerBody(values, more),
  headers: {
    'x-zendesk-webhook-invocation-id': '01HNXE5X7QZB1M3V5T7R9P1K2J',
    'x-zendesk-webhook-signature-timestamp': SIGNED,
  },
});
const event = (body: Fields): Sent => ({ body });
const changed = (from: string, to: string) =>
  event(ticketEvent('status_changed', { detail: { status: to }, event: { previous: from, current: to } }));

/** What is sent, by the first cell of its row. */
const SENT: Record<string, Sent> = {
  "the trigger's body, when a ticket is created": trigger(),
  "the trigger's body, of a solved ticket": trigger({ status: 'Solved', updated_at: '2026-11-12T11:02Z' }),
  "the trigger's body, when something else changes": trigger({
    status: 'Pending',
    updated_at: '2026-11-12T11:02Z',
  }),
  "the trigger's body, once the ticket is rated": trigger({
    status: 'Solved',
    updated_at: '2026-11-12T11:02Z',
    satisfaction: 'Good, I am satisfied',
    satisfaction_comment: 'Fast!',
  }),
  'ticket.created': event(ticketEvent('created')),
  '`ticket.created` of a ticket of the type Question': event(
    ticketEvent('created', { detail: { type: 'QUESTION' } }),
  ),
  '`ticket.status_changed` to solved': changed('OPEN', 'SOLVED'),
  '`ticket.status_changed` from solved to open': changed('SOLVED', 'OPEN'),
  '`ticket.status_changed` from solved to closed': changed('SOLVED', 'CLOSED'),
  '`ticket.status_changed` to pending or on hold': changed('OPEN', 'HOLD'),
  'ticket.priority_changed': event(
    ticketEvent('priority_changed', { event: { previous: 'LOW', current: 'HIGH' } }),
  ),
  'ticket.subject_changed': event(
    ticketEvent('subject_changed', { event: { previous: 'Help', current: 'It leaks' } }),
  ),
  'ticket.tags_changed': event(
    ticketEvent('tags_changed', { event: { tags_added: ['leak'], tags_removed: [] } }),
  ),
  'ticket.custom_status_changed': event(
    ticketEvent('custom_status_changed', { event: { previous: '8447320465790', current: '8447320465791' } }),
  ),
  'ticket.comment_added': event(ticketEvent('comment_added', { event: comment(true) })),
  '`ticket.comment_added`, public, by staff, type Question': event(
    ticketEvent('comment_added', { detail: { type: 'QUESTION' }, event: comment(true) }),
  ),
  'ticket.requester_changed': event(
    ticketEvent('requester_changed', {
      detail: { requester_id: '99' },
      event: { previous: '8447388090494', current: '99' },
    }),
  ),
  '`ticket.merged` of the ticket that was merged': event(
    ticketEvent('merged', { detail: { status: 'CLOSED' } }),
  ),
  'ticket.soft_deleted': event(ticketEvent('soft_deleted', { detail: { status: 'OPEN' } })),
  'ticket.marked_as_spam': event(ticketEvent('marked_as_spam', { detail: { status: 'OPEN' } })),
  'ticket.undeleted': event(ticketEvent('undeleted', { detail: { status: 'OPEN' } })),
  'ticket.csat_received': event(
    ticketEvent('csat_received', { event: { satisfaction_score: { score: 'GOOD', comment: 'Fast!' } } }),
  ),
  'user.created': event(userEvent('created')),
  'user.external_id_changed': event(
    userEvent('external_id_changed', {
      detail: { external_id: 'helen' },
      event: { previous: '', current: 'helen' },
    }),
  ),
  '`user.identity_created` with a phone number': event(
    userEvent('identity_created', {
      event: { identity: { id: '7', primary: false, type: 'phone_number', value: '+4915112345678' } },
    }),
  ),
  'user.merged': event(userEvent('merged', { event: { user: { id: '42' } } })),
  '`user.created` of an agent': event(userEvent('created', { detail: { role: 'agent' } })),
  'user.last_login_changed': event(userEvent('last_login_changed')),
  'organization.created': event({ ...userEvent('created'), type: 'zen:event-type:organization.created' }),
  'article.published': event({ ...userEvent('created'), type: 'zen:event-type:article.published' }),
};

const ROWS = readRows('Zendesk', 'Zendesk sends');
/** Rows that say more than names of events. They have a test of their own below. */
const OTHER = new Set([
  "a field that you add to the trigger's body",
  'a subject with quotation marks, which make the body no JSON',
  'empty placeholders, and `-` for what is not set',
  'the test before the webhook is created',
  'the same call again',
  'reports that come in another order',
]);

test('each row has a request, and each request a row', () => {
  const rows = ROWS.map(([sent]) => sent).filter((sent) => !OTHER.has(sent));
  expect(Object.keys(SENT).sort()).toEqual([...rows].sort());
  expect(ROWS.filter(([sent]) => OTHER.has(sent))).toHaveLength(OTHER.size);
});

test.each(ROWS.filter(([sent]) => !OTHER.has(sent)))('%s becomes %s', (sent, becomes) => {
  const reading = read('zendesk', SENT[sent] as Sent);
  if (becomes === 'nothing') return expect(reading.kind).toBe('ignored');
  expect(listEvents(readCalls('zendesk', SENT[sent] as Sent))).toEqual(listNames(becomes));
});

test('a trigger says everything about the ticket and its requester', () => {
  const [person, ticket] = readCalls(
    'zendesk',
    trigger({
      requester_external_id: 'helen',
      requester_phone: '+49 151 12345678',
      organization_external_id: 'acme',
    }),
  );
  const externalIds = [{ type: 'zendesk', id: '8447388090494' }];
  expect(person).toEqual({
    type: 'identify',
    messageId: expect.stringMatching(/^person:/),
    userId: 'helen',
    timestamp: '2026-11-12T10:14:31.000Z',
    traits: { email: 'helen@example.com', phone: '+49 151 12345678', name: 'Helen Miller' },
    context: { externalIds },
  });
  expect(ticket).toEqual({
    type: 'track',
    event: 'Ticket Opened',
    messageId: '01HNXE5X7QZB1M3V5T7R9P1K2J',
    userId: 'helen',
    timestamp: '2026-11-12T10:14:31.000Z',
    properties: {
      ticket_id: '35436',
      status: 'open',
      severity: 'high',
      subject: 'It leaks',
      type: 'incident',
      channel: 'web form',
      tags: ['espresso', 'leak'],
    },
    context: { traits: { email: 'helen@example.com' }, groupId: 'acme', externalIds },
  });
});

test('an event says everything about the ticket, and of the requester only the id', () => {
  const [ticket] = readCalls('zendesk', SENT['ticket.created'] as Sent);
  expect(ticket).toEqual({
    type: 'track',
    event: 'Ticket Opened',
    messageId: 'event-created-2026-11-12T10:14:30.987654321Z-1',
    timestamp: '2026-11-12T10:14:30.988Z',
    properties: {
      ticket_id: '35436',
      status: 'new',
      severity: 'high',
      subject: 'It leaks',
      type: 'incident',
      channel: 'web service',
      tags: ['espresso', 'leak'],
      change: 'created',
    },
    context: { externalIds: [{ type: 'zendesk', id: '8447388090494' }] },
  });
});

test.each([
  ['ticket.soft_deleted', { status: 'deleted' }],
  ['ticket.marked_as_spam', { status: 'spam' }],
  ['ticket.comment_added', { comment_by: 'staff', comment_public: true }],
  ['`ticket.status_changed` to pending or on hold', { status: 'hold' }],
])('%s has these properties', (sent, properties) => {
  expect(findTicketCall(readCalls('zendesk', SENT[sent] as Sent)).properties).toMatchObject(properties);
});

test('what a user event says makes one customer of all names', () => {
  expect(readCalls('zendesk', SENT['user.external_id_changed'] as Sent)[0]).toMatchObject({
    userId: 'helen',
    traits: { email: 'helen@example.com' },
    context: { externalIds: [{ type: 'zendesk', id: '8447388090494' }] },
  });
  const [phone] = readCalls('zendesk', SENT['`user.identity_created` with a phone number'] as Sent);
  expect(phone?.traits).toEqual({ email: 'helen@example.com', phone: '+4915112345678' });
  const [merged] = readCalls('zendesk', SENT['user.merged'] as Sent);
  expect(merged?.context.externalIds).toEqual([
    { type: 'zendesk', id: '8447388090494' },
    { type: 'zendesk', id: '42' },
  ]);
});

test('a rating is a survey about the ticket, once however often a trigger repeats it', () => {
  const rated = (values: Parameters<typeof triggerBody>[0]) =>
    readCalls('zendesk', trigger({ satisfaction: 'Bad', satisfaction_comment: 'Slow', ...values })).at(-1);
  const [first, later] = [rated({}), rated({ status: 'Closed', updated_at: '2026-11-16T10:00Z' })];
  expect(first).toMatchObject({
    event: 'Survey Answered',
    properties: { survey_id: '35436', kind: 'csat', score: 1, comment: 'Slow' },
  });
  expect(later?.messageId).toBe(first?.messageId);
  expect(later?.properties).toEqual(first?.properties);
  for (const satisfaction of ['', '-', 'Unoffered', 'Offered', '{{satisfaction.current_rating}}'])
    expect(listEvents(readCalls('zendesk', trigger({ satisfaction })))).not.toContain('Survey Answered');
});

test("a field that you add to the trigger's body is a property", () => {
  const call = findTicketCall(
    readCalls('zendesk', trigger({}, { fault: 'ours', order_id: 'o-1', empty: '' })),
  );
  expect(call.properties).toMatchObject({ fault: 'ours', order_id: 'o-1' });
  expect(call.properties).not.toHaveProperty('empty');
});

test('a subject with quotation marks, which make the body no JSON', () => {
  const subject = 'My "Barista", model "X" leaks';
  const calls = readCalls('zendesk', trigger({ subject }));
  expect(findTicketCall(calls).properties).toMatchObject({ ticket_id: '35436', status: 'open', subject });
  expect(calls[0]?.traits).toMatchObject({ email: 'helen@example.com' });
  const broken = findTicketCall(readCalls('zendesk', trigger({ subject: 'Two\nlines' })));
  expect(broken.properties).toMatchObject({ ticket_id: '35436', status: 'open' });
});

test('empty placeholders, and `-` for what is not set', () => {
  const calls = readCalls(
    'zendesk',
    trigger({
      priority: '-',
      type: '-',
      tags: '',
      requester_phone: '',
      requester_name: '{{ticket.requester.name}}',
    }),
  );
  expect(calls[0]?.traits).toEqual({ email: 'helen@example.com' });
  expect(Object.keys(findTicketCall(calls).properties ?? {})).toEqual([
    'ticket_id',
    'status',
    'subject',
    'channel',
  ]);
});

test('the test before the webhook is created', () => {
  const sign = (secret: string) => {
    const body = Buffer.from('{"id": "test"}');
    const signedAt = new Date(RECEIVED).toISOString();
    const signature = createHmac('sha256', secret).update(signedAt).update(body).digest('base64');
    const headers = {
      'x-zendesk-webhook-signature': signature,
      'x-zendesk-webhook-signature-timestamp': signedAt,
    };
    return { url: '', headers, body, receivedAt: RECEIVED };
  };
  const verify = (secret: string) => zendesk.verify(sign(secret), ['our secret'], settingsOf('zendesk'));
  expect(verify('dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==')).toEqual({ kind: 'ping' });
  expect(verify('our secret')).toEqual({ kind: 'genuine' });
  expect(verify('another')).toMatchObject({ kind: 'refused' });
});

test('the same call again: its calls have the same ids and content', () => {
  const again = {
    ...trigger(),
    headers: { ...trigger().headers, 'x-zendesk-webhook-signature-timestamp': '2026-11-12T10:14:58Z' },
  };
  const strip = (sent: Sent) => readCalls('zendesk', sent).map(({ timestamp: _, ...call }) => call);
  expect(strip(again)).toEqual(strip(trigger()));
});

test('without an id of the call, a trigger is known by its content', () => {
  const anonymous = { body: triggerBody(), headers: { 'x-zendesk-webhook-signature-timestamp': SIGNED } };
  const [, first] = readCalls('zendesk', anonymous);
  const [, again] = readCalls('zendesk', anonymous);
  const [, other] = readCalls('zendesk', { ...anonymous, body: triggerBody({ status: 'Solved' }) });
  expect(again?.messageId).toBe(first?.messageId);
  expect(other?.messageId).not.toBe(first?.messageId);
});

const NOBODY = { requester_id: '', requester_external_id: '', requester_email: '', requester_phone: '' };

test.each<[string, Sent, string]>([
  ['no body', { body: '' }, 'the body'],
  ['a trigger without a ticket', trigger({ ticket_id: '' }), 'ticket_id'],
  ['a trigger with a template that nobody filled', trigger({ ticket_id: '{{ticket.id}}' }), 'ticket_id'],
  ['a trigger without a requester', trigger(NOBODY), 'requester_id'],
  ['a trigger without a time', { body: triggerBody({ updated_at: '' }) }, 'updated_at'],
  ['an event without detail', event({ ...ticketEvent('created'), detail: null }), 'detail'],
  [
    'an event of a ticket without a number',
    event(ticketEvent('created', { detail: { id: {} } })),
    'detail.id',
  ],
  ['an event without an id', event({ ...ticketEvent('created'), id: '' }), 'id'],
  [
    'an event without a requester',
    event(ticketEvent('created', { detail: { requester_id: null } })),
    'detail.requester_id',
  ],
  [
    'an event without times',
    event({ ...ticketEvent('created', { detail: { updated_at: 7 } }), time: null }),
    'detail.updated_at',
  ],
  ['a status that is none', changed('OPEN', ''), 'event.current'],
  ['a user without an id', event(userEvent('created', { detail: { id: [] } })), 'detail.id'],
])('%s is unreadable, with what was expected', (_, sent, field) => {
  expect(read('zendesk', sent)).toMatchObject({
    kind: 'unreadable',
    code: 'unexpected_payload',
    reason: expect.stringMatching(new RegExp(`^expected ${field.replace('.', '\\.')} to be `)),
  });
});

test('words of your own for states are settings', () => {
  const settings = { statuses: { 'In Werkstatt': 'open', Abgeholt: 'closed' } };
  const named = (status: string) =>
    findTicketCall(readCalls('zendesk', trigger({ status, updated_at: '2026-11-12T11:00Z' }), settings));
  expect(named('in werkstatt')).toMatchObject({ event: 'Ticket Updated', properties: { status: 'open' } });
  expect(named('Abgeholt')).toMatchObject({ event: 'Ticket Closed', properties: { status: 'closed' } });
  expect(named('Seltsam')).toMatchObject({ event: 'Ticket Updated', properties: { status: 'seltsam' } });
  expect(zendesk.checkSettings?.(settings)).toEqual([]);
  expect(
    zendesk.checkSettings?.({ statuses: { x: 'pending' }, status: {} })?.map(({ path }) => path),
  ).toEqual(['status', 'statuses.x']);
  expect(zendesk.checkSettings?.({ statuses: [] })?.map(({ path }) => path)).toEqual(['statuses']);
});

const UNKNOWN: Record<string, () => void> = {
  "the requester's address, from a `ticket.*` event": () => {
    const [call] = readCalls('zendesk', SENT['ticket.created'] as Sent);
    expect(call).not.toHaveProperty('userId');
    expect(Object.keys(call?.context ?? {})).toEqual(['externalIds']);
  },
  'the company, from `organization_id`': () => {
    const [call] = readCalls('zendesk', SENT['ticket.created'] as Sent);
    expect(call?.context).not.toHaveProperty('groupId');
  },
  "the order of a minute's trigger calls, if one is repeated": () => {
    const signedAt = (at: string) =>
      findTicketCall(
        readCalls('zendesk', { ...trigger(), headers: { 'x-zendesk-webhook-signature-timestamp': at } }),
      ).timestamp;
    expect(signedAt('2026-11-12T10:14:59Z')).toBe('2026-11-12T10:14:59.000Z');
    expect(signedAt('2026-11-12T10:40:00Z')).toBe('2026-11-12T10:14:59.999Z');
    expect(signedAt('2026-11-12T10:13:59Z')).toBe('2026-11-12T10:14:00.000Z');
  },
  'that a ticket was opened again, from a trigger': () => {
    const call = findTicketCall(
      readCalls('zendesk', trigger({ status: 'Open', updated_at: '2026-11-20T09:00Z' })),
    );
    expect(call).toMatchObject({ event: 'Ticket Updated', properties: { status: 'open' } });
  },
};

test.each(readRows('Zendesk', 'Cannot be known'))('cannot be known: %s', (what) => {
  expect(Object.keys(UNKNOWN)).toContain(what);
  UNKNOWN[what]?.();
});
