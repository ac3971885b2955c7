import { readTime } from '../../domain/time/read-time.ts';
import type { Instant } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { isObject } from '../../domain/values/json-object.ts';
import type { SourceSetup } from '../../domain/vendor-setup.ts';
import {
  checkHelpDeskSettings,
  connectNames,
  type Delivery,
  digest,
  isIdentified,
  nameTicketEvent,
  type Requester,
  readFurtherFields,
  readOwnId,
  readStatus,
  readStatusWords,
  readTags,
  readValue,
  readWord,
  type StatusReport,
  trackCall,
} from './help-desk.ts';
import { isLiveSecret, readHeader } from './hmac.ts';
import { expectField, type Fields } from './json-body.ts';
import { readTemplateBody, writeTemplate } from './template-body.ts';
import {
  GENUINE,
  refuse,
  type SourceSettings,
  type WebhookKind,
  type WebhookReading,
} from './webhook-kind.ts';

/** The header with the secret: Freshdesk signs nothing, but sends what headers it is told to. */
const FRESHDESK_SECRET_HEADER = 'x-throughline-secret';

/** The body of the automation rule's webhook, by the name of each field, with Freshdesk's placeholders. */
export const FRESHDESK_RULE_FIELDS = {
  ticket_id: '{{ticket.id}}',
  status: '{{ticket.status}}',
  priority: '{{ticket.priority}}',
  type: '{{ticket.ticket_type}}',
  channel: '{{ticket.source}}',
  tags: '{{ticket.tags}}',
  created_at: '{{ticket.created_at}}',
  updated_at: '{{ticket.updated_at}}',
  contact_id: '{{ticket.requester.id}}',
  contact_unique_external_id: '{{ticket.contact.unique_external_id}}',
  contact_email: '{{ticket.contact.email}}',
  contact_phone: '{{ticket.contact.phone}}',
  contact_mobile: '{{ticket.contact.mobile}}',
  triggered_event: '{{triggered_event}}',
  contact_name: '{{ticket.contact.name}}',
  subject: '{{ticket.subject}}',
} as const;

/** The statuses that every account has, by number. Others are explained by `settings.statuses`. */
const STATUSES: Readonly<Record<string, string>> = {
  2: 'open',
  3: 'pending',
  4: 'resolved',
  5: 'closed',
  6: 'waiting on customer',
  7: 'waiting on third party',
};

const PRIORITIES: Readonly<Record<string, string>> = { 1: 'low', 2: 'medium', 3: 'high', 4: 'urgent' };

const freshdeskSetup: SourceSetup = {
  secret: { by: 'throughline' },
  steps: ({ url, secret }) => [
    'In Freshdesk, open Admin → Workflows → Automations → Ticket creation, and add a rule for all tickets, with the action Trigger webhook.',
    { text: 'Request type POST, encoding JSON, content Advanced. URL:', paste: url },
    { text: 'Custom headers:', paste: `${FRESHDESK_SECRET_HEADER}: ${secret}` },
    { text: 'Content:', paste: writeTemplate(FRESHDESK_RULE_FIELDS) },
    'Add the same action to a rule of Ticket updates: by agent or requester, when the status, priority, subject, type or tags change.',
  ],
};

/** Freshdesk: the webhook of automation rules, with our template as its body and our secret in a header. */
export const freshdesk: WebhookKind = {
  id: 'freshdesk',
  name: 'Freshdesk',
  keptHeaders: [],
  verify({ headers }, secrets) {
    if (isLiveSecret(readHeader(headers, FRESHDESK_SECRET_HEADER), secrets)) return GENUINE;
    return refuse(`the header ${FRESHDESK_SECRET_HEADER} is not a secret of this source`);
  },
  read(request, source) {
    const body = readTemplateBody(request.body);
    if (body === undefined) return expectField('the body', 'a JSON object', request.body.toString());
    return readTicket(body, source, digest(request.body.toString()), request.receivedAt);
  },
  checkSettings: checkHelpDeskSettings,
  setup: freshdeskSetup,
};

function readTicket(
  body: Fields,
  source: SourceSettings,
  content: string,
  receivedAt: Instant,
): WebhookReading {
  const fields = readFields(body);
  const ticketId = readOwnId(fields.ticket_id);
  if (ticketId === undefined) return expectField('ticket_id', 'the number of a ticket', fields.ticket_id);
  const updatedAt = readTime(readValue(fields.updated_at));
  // Without a time of its own, a repetition can't be told from a later report.
  const id = `${ticketId}:${updatedAt ?? receivedAt}:${content}`;
  const requester: Requester = {
    ids: [readOwnId(fields.contact_id)],
    userId: readOwnId(fields.contact_unique_external_id),
    email: readValue(fields.contact_email),
    phone: readValue(fields.contact_mobile) ?? readValue(fields.contact_phone),
    name: readValue(fields.contact_name),
  };
  if (!isIdentified(requester, source))
    return expectField('contact_email', 'an address', fields.contact_email, id);
  const words = readStatusWords(source);
  const delivery: Delivery = { vendor: 'freshdesk', id, at: updatedAt };
  const report = readStatusReport(fields, updatedAt);
  const ticket = trackCall(delivery, requester, nameTicketEvent(report, words), {
    ...readFurtherFields(fields, FRESHDESK_RULE_FIELDS),
    ticket_id: ticketId,
    status: readStatus(report.status, words),
    severity: getOwn(PRIORITIES, readValue(fields.priority) ?? '') ?? readWord(fields.priority),
    subject: readValue(fields.subject),
    type: readWord(fields.type),
    channel: readWord(fields.channel),
    tags: readTags(fields.tags),
  });
  return { kind: 'messages', messages: [...connectNames(delivery, requester), ticket] };
}

/**
 * The fields of the template. Freshdesk's simple form sends those that somebody ticks, in `freshdesk_webhook`, with
 * `ticket_` in front of all names.
 */
function readFields(body: Fields): Fields {
  const simple = body.freshdesk_webhook;
  if (!isObject(simple)) return body;
  const fields = Object.entries(simple).map(([name, value]) => [name.replace(/^ticket_(?!id$)/, ''), value]);
  return { ...Object.fromEntries(fields), type: simple.ticket_ticket_type };
}

/** `{ticket_action:created}`, `{status:{from:2,to:5}}`: what the rule reacted to. Quotation marks may be missing. */
function readStatusReport(fields: Fields, updatedAt: Instant | undefined): StatusReport {
  const event = (readValue(fields.triggered_event) ?? '').slice(0, LONGEST_EVENT).replace(/["']/g, '');
  const isCreation = /ticket_action: ?created/.test(event);
  const [, from] = /status: ?\{ ?from: ?([^,}]{1,60})/.exec(event) ?? [];
  const isNew =
    isCreation || (updatedAt !== undefined && readTime(readValue(fields.created_at)) === updatedAt);
  const status = nameStatus(fields.status);
  // Another change of a closed ticket is not another close.
  const isOther = event !== '' && from === undefined;
  return { status, isNew, previous: isOther ? status : nameStatus(from) };
}

const LONGEST_EVENT = 1_000;

function nameStatus(status: unknown): string | undefined {
  const value = readValue(status);
  return value === undefined ? undefined : (getOwn(STATUSES, value) ?? value);
}
