/** Requests of Zendesk's event webhooks, complete as Zendesk documents them, with invented people. */

type Fields = Record<string, unknown>;

const DETAIL = {
  actor_id: '8447388090494',
  assignee_id: '8447388090495',
  brand_id: '8447346621310',
  created_at: '2026-11-12T10:14:30Z',
  custom_status: '8447320465790',
  description: 'Water runs out below the portafilter.',
  external_id: null,
  form_id: '8646151517822',
  group_id: '8447320466430',
  id: '35436',
  is_public: true,
  organization_id: '8447346622462',
  priority: 'HIGH',
  requester_id: '8447388090494',
  status: 'NEW',
  subject: 'It leaks',
  submitter_id: '8447388090494',
  tags: ['espresso', 'leak'],
  type: 'INCIDENT',
  updated_at: '2026-11-12T10:14:30Z',
  via: { channel: 'web_service' },
};

/** An event of a ticket. `at` is when it happened, to the nanosecond as Zendesk writes it. */
export function ticketEvent(
  change: string,
  {
    at = '2026-11-12T10:14:30.987654321Z',
    detail = {},
    event = {},
    position = 1,
  }: { at?: string; detail?: Fields; event?: Fields; position?: number } = {},
): Fields {
  return {
    account_id: 22129848,
    detail: { ...DETAIL, updated_at: `${at.slice(0, 19)}Z`, ...detail },
    event: { ...event, meta: { sequence: { id: '01HNXE5X7QZB1M3V', position } } },
    id: `event-${change}-${at}-${position}`,
    subject: 'zen:ticket:35436',
    time: at,
    type: `zen:event-type:ticket.${change}`,
    zendesk_event_version: '2022-11-06',
  };
}

/** An event of a user. */
export function userEvent(
  change: string,
  { detail = {}, event = {} }: { detail?: Fields; event?: Fields } = {},
): Fields {
  return {
    account_id: 22129848,
    detail: {
      created_at: '2026-11-12T10:27:58Z',
      default_group_id: '0',
      email: 'helen@example.com',
      external_id: '',
      id: '8447388090494',
      organization_id: '0',
      role: 'end-user',
      updated_at: '2026-11-12T10:33:18Z',
      ...detail,
    },
    event,
    id: `event-user-${change}`,
    subject: 'zen:user:8447388090494',
    time: '2026-11-12T10:33:18Z',
    type: `zen:event-type:user.${change}`,
    zendesk_event_version: '2022-06-20',
  };
}

/** A comment, as `ticket.comment_added` has it in `event`. */
export function comment(isStaff: boolean, isPublic = true): Fields {
  return {
    comment: {
      author: { id: '8447388090495', is_staff: isStaff, name: isStaff ? 'Ada Agent' : 'Helen' },
      body: 'Please switch it off. A new gasket is on its way.',
      id: '9876543210',
      is_public: isPublic,
    },
  };
}
