import type { SourceSetup } from '../../../domain/vendor-setup.ts';

/** @param events those that say something */
export function stripeSetup(events: readonly string[]): SourceSetup {
  return {
    secret: { by: 'vendor', shown: 'the signing secret of the endpoint (whsec_…)' },
    steps: ({ url }) => [
      {
        text: 'In Stripe, open Developers → Webhooks, and add a webhook endpoint for events on your account. Endpoint URL:',
        paste: url,
      },
      { text: 'Events:', paste: events.join('\n') },
      'Open the endpoint, reveal its signing secret, and copy it.',
    ],
  };
}
