import { expect, test } from 'vitest';
import { contact, conversation, notice, T0, ticket } from '../payloads/intercom/notices.ts';
import {
  type Fields,
  findTicketCall,
  listEvents,
  listNames,
  read,
  readCalls,
  readRows,
  type Sent,
} from './help-desk-support.ts';

const sent = (topic: string, item: Fields): Sent => ({ body: notice(topic, item) });
const later = T0 + 60;
const inState = (category: string) =>
  ticket({
    updated_at: later,
    ticket_state: { type: 'ticket_state', id: '9', category, internal_label: 'x' },
  });
const rating = { rating: 2, remark: 'Slow', created_at: later, contact: { type: 'contact', id: '1' } };

/** What is sent, by the first cell of its row. */
const SENT: Record<string, Sent> = {
  'conversation.user.created': sent('conversation.user.created', conversation()),
  'conversation.user.replied': sent('conversation.user.replied', conversation({ updated_at: later })),
  'conversation.admin.replied': sent('conversation.admin.replied', conversation({ updated_at: later })),
  'conversation.admin.closed': sent(
    'conversation.admin.closed',
    conversation({ updated_at: later, open: false, state: 'closed' }),
  ),
  'conversation.admin.opened': sent('conversation.admin.opened', conversation({ updated_at: later })),
  'conversation.admin.snoozed': sent('conversation.admin.snoozed', conversation({ state: 'snoozed' })),
  'conversation.priority.updated': sent(
    'conversation.priority.updated',
    conversation({ priority: 'priority' }),
  ),
  'conversation.rating.added': sent(
    'conversation.rating.added',
    conversation({ conversation_rating: rating }),
  ),
  'ticket.created': sent('ticket.created', ticket()),
  '`ticket.state.updated`, in progress or waiting': sent(
    'ticket.state.updated',
    inState('waiting_on_customer'),
  ),
  '`ticket.state.updated`, resolved': sent('ticket.state.updated', inState('resolved')),
  'ticket.resolved': sent('ticket.resolved', inState('resolved')),
  '`ticket.closed`, with the ticket in a field of its own': sent('ticket.closed', {
    type: 'ticket',
    ticket: inState('in_progress'),
  }),
  'ticket.rating.provided': sent('ticket.rating.provided', ticket({ ticket_rating: rating })),
  'contact.user.created': sent('contact.user.created', contact()),
  'contact.email.updated': sent('contact.email.updated', contact({ email: 'helen@new.example' })),
  'contact.merged': sent('contact.merged', contact({ merged_from: { type: 'contact', id: '6a3b' } })),
  'contact.unsubscribed': sent('contact.unsubscribed', {
    type: 'subscription',
    contact: contact({ unsubscribed_from_emails: true }),
  }),
  '`user.created` of versions before 2.0': sent('user.created', {
    type: 'user',
    id: '530370b477ad7120001d',
    user_id: '25',
    name: 'Joe Example',
    unsubscribed_from_emails: false,
    custom_attributes: {},
  }),
  ping: sent('ping', { type: 'ping', message: 'something something interzen' }),
  'conversation.admin.single.created': sent('conversation.admin.single.created', conversation()),
  'contact.deleted': sent('contact.deleted', { type: 'contact', id: '5ee3d479d1cf3dedbee23d68' }),
  'company.created': sent('company.created', { type: 'company', id: '531ee472', company_id: '6' }),
};

const ROWS = readRows('Intercom', 'Intercom sends');

test('each row has a request, and each request a row', () => {
  expect(Object.keys(SENT).sort()).toEqual(ROWS.map(([what]) => what).sort());
});

test.each(ROWS)('%s becomes %s', (what, becomes) => {
  const reading = read('intercom', SENT[what] as Sent);
  if (becomes === 'nothing') return expect(reading.kind).toBe('ignored');
  expect(listEvents(readCalls('intercom', SENT[what] as Sent))).toEqual(listNames(becomes));
});

test('a conversation says everything about the ticket, its first question and the customer', () => {
  const externalIds = [{ type: 'intercom', id: '5ee3d479d1cf3dedbee23d68' }];
  const common = { userId: 'helen', timestamp: '2026-11-12T10:14:30.000Z' };
  const context = { traits: { email: 'helen@example.com' }, externalIds };
  const id = `notif_conversation.user.created_${T0}`;
  expect(readCalls('intercom', SENT['conversation.user.created'] as Sent)).toEqual([
    {
      ...common,
      type: 'identify',
      messageId: expect.stringMatching(/^person:/),
      traits: { email: 'helen@example.com', name: 'Helen' },
      context: { externalIds },
    },
    {
      ...common,
      type: 'track',
      event: 'Ticket Opened',
      messageId: id,
      properties: {
        ticket_id: '137324500000000',
        status: 'open',
        severity: 'normal',
        subject: 'It leaks & steams',
        channel: 'conversation',
        tags: ['espresso'],
        change: 'user.created',
      },
      context,
    },
    {
      ...common,
      type: 'track',
      event: 'Question Asked',
      messageId: `${id}:question`,
      properties: { question_id: '137324500000000', text: 'It leaks & steams', channel: 'conversation' },
      context,
    },
  ]);
});

test('an answer names the question of the conversation', () => {
  const calls = readCalls('intercom', SENT['conversation.admin.replied'] as Sent);
  expect(calls.at(-1)).toMatchObject({
    event: 'Question Answered',
    properties: { question_id: '137324500000000' },
  });
});

test.each([
  ['conversation.priority.updated', { severity: 'high' }],
  ['conversation.admin.snoozed', { status: 'snoozed' }],
  ['ticket.created', { ticket_id: '215473840934085', status: 'open', subject: 'It leaks', type: 'repair' }],
  ['`ticket.closed`, with the ticket in a field of its own', { status: 'closed' }],
])('%s has these properties', (what, properties) => {
  expect(findTicketCall(readCalls('intercom', SENT[what] as Sent)).properties).toMatchObject(properties);
});

test.each(['conversation.rating.added', 'ticket.rating.provided'])('%s is a survey with a score', (what) => {
  const survey = readCalls('intercom', SENT[what] as Sent).at(-1);
  expect(survey?.properties).toMatchObject({ kind: 'csat', score: 2, comment: 'Slow' });
});

test('contacts: ids, addresses, who was merged, and who unsubscribed', () => {
  const first = (what: string) => readCalls('intercom', SENT[what] as Sent)[0];
  expect(first('contact.user.created')).toMatchObject({
    userId: 'helen',
    traits: { email: 'helen@example.com', phone: '+4915112345678', name: 'Helen' },
  });
  expect(first('contact.merged')?.context.externalIds).toEqual([
    { type: 'intercom', id: '5ee3d479d1cf3dedbee23d68' },
    { type: 'intercom', id: '6a3b' },
  ]);
  expect(first('contact.unsubscribed')).toMatchObject({
    userId: 'helen',
    properties: { purpose: 'marketing', channel: 'email', status: 'withdrawn' },
  });
  expect(first('`user.created` of versions before 2.0')).toMatchObject({
    userId: '25',
    traits: { name: 'Joe Example' },
  });
});

test('a conversation of versions before 2.0 has a user and a message', () => {
  const old = conversation({
    source: undefined,
    contacts: undefined,
    state: undefined,
    open: false,
    user: { type: 'user', id: '5ee3', user_id: '234', name: 'Bob', email: 'bob@example.com' },
    conversation_message: {
      type: 'conversation_message',
      subject: '',
      body: '<p>hi Bob</p>',
      author: { type: 'admin' },
    },
  });
  const calls = readCalls('intercom', sent('conversation.admin.closed', old));
  expect(findTicketCall(calls)).toMatchObject({
    event: 'Ticket Closed',
    userId: '234',
    properties: { status: 'closed', subject: 'hi Bob' },
    context: { traits: { email: 'bob@example.com' } },
  });
});

test('the address of a teammate who wrote first is not that of the contact', () => {
  const source = {
    type: 'email',
    body: 'Hello',
    author: { type: 'admin', id: '7', email: 'ada@aroma.example' },
  };
  const calls = readCalls('intercom', sent('conversation.user.replied', conversation({ source })));
  expect(findTicketCall(calls).context).not.toHaveProperty('traits');
});

test.each<[string, Sent, string]>([
  ['no body', { body: '' }, 'the body'],
  ['no topic', { body: notice('', conversation()) }, 'topic'],
  ['no id', { body: notice('ticket.created', ticket(), '') }, 'id'],
  ['no item', { body: { ...notice('ticket.created', ticket()), data: null } }, 'data.item'],
  [
    'a conversation without an id',
    sent('conversation.user.created', conversation({ id: [] })),
    'data.item.id',
  ],
  [
    'a conversation of nobody',
    sent('conversation.user.created', conversation({ contacts: 7, source: {} })),
    'data.item.contacts',
  ],
  ['a ticket without an id', sent('ticket.closed', { ticket: ticket({ id: null }) }), 'data.item.ticket.id'],
  ['a ticket of nobody', sent('ticket.created', ticket({ contacts: [] })), 'data.item.contacts'],
  [
    'a contact without an id',
    sent('contact.unsubscribed', { contact: contact({ id: '' }) }),
    'data.item.contact.id',
  ],
])('%s is unreadable, with what was expected', (_, request, field) => {
  expect(read('intercom', request)).toMatchObject({
    kind: 'unreadable',
    reason: expect.stringMatching(new RegExp(`^expected ${field.replaceAll('.', '\\.')} to be `)),
  });
});

const UNKNOWN: Record<string, () => void> = {
  'whose conversation was deleted': () => {
    const request = sent('conversation.deleted', { type: 'conversation', id: '137324500000000' });
    expect(read('intercom', request).kind).toBe('ignored');
  },
  'the order within a second': () => {
    const at = (topic: string) =>
      findTicketCall(readCalls('intercom', sent(topic, conversation()))).timestamp;
    expect(at('conversation.user.created')).toBe(at('conversation.admin.closed'));
  },
  'whether a second question was asked': () => {
    expect(listEvents(readCalls('intercom', SENT['conversation.user.replied'] as Sent))).not.toContain(
      'Question Asked',
    );
  },
  'whether further contacts of a conversation are affected': () => {
    const contacts = [
      { id: 'first', external_id: 'ada' },
      { id: 'second', external_id: 'bob' },
    ];
    const calls = readCalls('intercom', sent('ticket.created', ticket({ contacts: { contacts } })));
    expect(findTicketCall(calls)).toMatchObject({ userId: 'ada' });
  },
  'whether `contact.subscribed` permits marketing': () => {
    expect(read('intercom', sent('contact.subscribed', { contact: contact() })).kind).toBe('ignored');
  },
};

test.each(readRows('Intercom', 'Cannot be known'))('cannot be known: %s', (what) => {
  expect(Object.keys(UNKNOWN)).toContain(what);
  UNKNOWN[what]?.();
});
