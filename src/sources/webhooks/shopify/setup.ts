import type { SourceSetup } from '../../../domain/vendor-setup.ts';

/** The webhooks of one's own shop, which Shopify's settings have without an app. */
export const shopifySetup: SourceSetup = {
  secret: {
    by: 'vendor',
    shown: 'the secret that signs the webhooks (below the list, or the client secret of an app)',
  },
  steps: ({ url }) => [
    {
      text: 'In Shopify, open Settings → Notifications → Webhooks, and create one webhook for each topic below, in the format JSON. URL:',
      paste: url,
    },
    {
      text: 'Topics:',
      paste: [
        'Order creation',
        'Order update',
        'Order payment',
        'Order cancellation',
        'Refund create',
        'Order transaction create',
        'Checkout creation',
        'Checkout update',
        'Fulfillment creation',
        'Customer creation',
        'Customer update',
        'Customer email marketing consent update',
      ].join('\n'),
    },
    'Copy the secret that the page shows below the list of webhooks: they all are signed with it.',
  ],
};
