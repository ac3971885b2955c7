import type { ZENDESK_TRIGGER_FIELDS } from '../../../../src/sources/webhooks/zendesk-trigger.ts';

/** What Zendesk puts in for the placeholders of our trigger's body. What it does not know it leaves empty, or `-`. */
const VALUES: Record<keyof typeof ZENDESK_TRIGGER_FIELDS, string> = {
  ticket_id: '35436',
  status: 'Open',
  priority: 'High',
  type: 'Incident',
  channel: 'Web Form',
  tags: 'espresso leak',
  created_at: '2026-11-12T10:14Z',
  updated_at: '2026-11-12T10:14Z',
  requester_id: '8447388090494',
  requester_external_id: '',
  requester_email: 'helen@example.com',
  requester_phone: '',
  organization_external_id: '',
  satisfaction: '',
  satisfaction_comment: '',
  requester_name: 'Helen Miller',
  subject: 'It leaks',
};

/**
 * The body that our trigger sends, with a line for each field. Zendesk puts the values in as they are.
 * @param more further lines that somebody has added to the template
 */
export function triggerBody(values: Partial<typeof VALUES> = {}, more: Record<string, string> = {}): string {
  const lines = Object.entries({ ...VALUES, ...values, ...more }).map(
    ([name, value]) => `  "${name}": "${value}"`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
