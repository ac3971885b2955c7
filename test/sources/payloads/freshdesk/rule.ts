import type { FRESHDESK_RULE_FIELDS } from '../../../../src/sources/webhooks/freshdesk.ts';

/** What Freshdesk puts in for the placeholders of our rule's body. */
const VALUES: Record<keyof typeof FRESHDESK_RULE_FIELDS, string> = {
  ticket_id: '1228',
  status: 'Open',
  priority: 'High',
  type: 'Problem',
  channel: 'Email',
  tags: 'espresso, leak',
  created_at: '2026-11-12 10:14:30 UTC',
  updated_at: '2026-11-12 10:14:30 UTC',
  contact_id: '150006383528',
  contact_unique_external_id: '',
  contact_email: 'helen@example.com',
  contact_phone: '',
  contact_mobile: '',
  triggered_event: '{ticket_action:created}',
  contact_name: 'Helen Miller',
  subject: 'It leaks',
};

/** The body that our automation rule sends, with a line for each field. Freshdesk puts the values in as they are. */
export function ruleBody(values: Partial<typeof VALUES> = {}, more: Record<string, string> = {}): string {
  const lines = Object.entries({ ...VALUES, ...values, ...more }).map(
    ([name, value]) => `  "${name}": "${value}"`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
