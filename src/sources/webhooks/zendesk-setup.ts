import type { SourceSetup } from '../../domain/vendor-setup.ts';
import { writeTemplate } from './template-body.ts';
import { ZENDESK_TRIGGER_FIELDS } from './zendesk-trigger.ts';

/** A webhook that a trigger calls, because only its body has the requester's address. */
export const zendeskSetup: SourceSetup = {
  secret: { by: 'vendor', shown: 'the signing secret of the webhook (Reveal secret)' },
  steps: ({ url }) => [
    {
      text: 'In Zendesk, open Admin Center → Apps and integrations → Webhooks, and create a webhook for a trigger or automation: method POST, format JSON, no authentication. Endpoint URL:',
      paste: url,
    },
    'Open the webhook, choose Reveal secret, and copy the signing secret.',
    'Open Admin Center → Objects and rules → Triggers, and create a trigger. It meets any of: Ticket is Created, Ticket is Updated. Its action: Notify by active webhook, this one.',
    { text: 'JSON body of the action:', paste: writeTemplate(ZENDESK_TRIGGER_FIELDS) },
    'For merged users, and for deleted tickets: a second webhook to the same URL, subscribed to the Zendesk events of tickets and users. Run this command again with its secret: both are live.',
  ],
};
