import type { SourceSetup } from '../../domain/vendor-setup.ts';

/** What to set at the providers that report what became of mails. */
export const resendSetup: SourceSetup = {
  secret: { by: 'vendor', shown: 'the signing secret of the webhook (whsec_…)' },
  steps: ({ url }) => [
    { text: 'In Resend, open Webhooks, and add one for all events about e-mails. Endpoint URL:', paste: url },
    'Open the webhook, and copy its signing secret.',
  ],
};

export const sendgridSetup: SourceSetup = {
  secret: { by: 'vendor', shown: 'the verification key of the event webhook' },
  steps: ({ url }) => [
    {
      text: 'In SendGrid, open Settings → Mail Settings → Event Webhooks, and create one for all deliverability and engagement events. Post URL:',
      paste: url,
    },
    'Enable the signed event webhook, save, and copy the verification key.',
  ],
};

export const postmarkSetup: SourceSetup = {
  secret: { by: 'throughline' },
  steps: ({ url, secret }) => [
    {
      text: 'In Postmark, open the message stream → Webhooks, and add one for delivery, bounce, spam complaint, open, link click and subscription change. Webhook URL:',
      paste: url,
    },
    { text: 'Basic auth credentials, username and password:', paste: `throughline\n${secret}` },
  ],
};
