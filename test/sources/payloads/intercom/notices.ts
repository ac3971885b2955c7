/** Notifications of Intercom, complete as it documents them (version 2.11), with invented people. */

type Fields = Record<string, unknown>;

/** 2026-11-12T10:14:30Z */
export const T0 = 1_794_478_470;

/** A notification, with what it is about. */
export function notice(topic: string, item: Fields, id = `notif_${topic}_${item.updated_at ?? ''}`): Fields {
  return {
    type: 'notification_event',
    app_id: 'a86dr8yl',
    data: { type: 'notification_event_data', item },
    links: {},
    id,
    topic,
    delivery_status: 'pending',
    delivery_attempts: 1,
    delivered_at: 0,
    first_sent_at: Number(item.updated_at ?? T0) + 1,
    created_at: Number(item.updated_at ?? T0),
    self: null,
  };
}

export function conversation(fields: Fields = {}): Fields {
  return {
    type: 'conversation',
    id: '137324500000000',
    created_at: T0,
    updated_at: T0,
    title: null,
    admin_assignee_id: null,
    team_assignee_id: '5017691',
    custom_attributes: {},
    priority: 'not_priority',
    open: true,
    state: 'open',
    read: false,
    waiting_since: T0,
    snoozed_until: null,
    source: {
      type: 'conversation',
      id: '608953158',
      delivered_as: 'customer_initiated',
      subject: '',
      body: '<p>It leaks &amp; steams</p>',
      author: { type: 'user', id: '5ee3d479d1cf3dedbee23d68', name: 'Helen', email: 'helen@example.com' },
      attachments: [],
      url: 'https://aroma.example/help',
      redacted: false,
    },
    contacts: {
      type: 'contact.list',
      contacts: [{ type: 'contact', id: '5ee3d479d1cf3dedbee23d68', external_id: 'helen' }],
    },
    teammates: { type: 'admin.list', admins: [] },
    tags: { type: 'tag.list', tags: [{ type: 'tag', id: '8201', name: 'espresso' }] },
    conversation_rating: null,
    statistics: null,
    conversation_parts: { type: 'conversation_part.list', conversation_parts: [], total_count: 0 },
    ...fields,
  };
}

export function ticket(fields: Fields = {}): Fields {
  return {
    type: 'ticket',
    id: '215473840934085',
    ticket_id: '39',
    category: 'Customer',
    ticket_attributes: { _default_title_: 'It leaks', _default_description_: 'Water runs out.' },
    ticket_state: {
      type: 'ticket_state',
      id: '12',
      category: 'submitted',
      internal_label: 'Submitted',
      external_label: 'Submitted',
    },
    ticket_type: { type: 'ticket_type', id: '1295', name: 'Repair', category: 'Customer' },
    contacts: {
      type: 'contact.list',
      contacts: [{ type: 'contact', id: '5ee3d479d1cf3dedbee23d68', external_id: 'helen' }],
    },
    admin_assignee_id: '1295',
    team_assignee_id: '0',
    created_at: T0,
    updated_at: T0,
    open: true,
    snoozed_until: null,
    is_shared: true,
    ...fields,
  };
}

export function contact(fields: Fields = {}): Fields {
  return {
    type: 'contact',
    id: '5ee3d479d1cf3dedbee23d68',
    workspace_id: 'a86dr8yl',
    external_id: 'helen',
    role: 'user',
    email: 'helen@example.com',
    phone: '+4915112345678',
    name: 'Helen',
    avatar: null,
    owner_id: null,
    has_hard_bounced: false,
    marked_email_as_spam: false,
    unsubscribed_from_emails: false,
    created_at: T0,
    updated_at: T0,
    custom_attributes: {},
    ...fields,
  };
}
