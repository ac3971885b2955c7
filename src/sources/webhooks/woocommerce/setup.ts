import type { SourceSetup } from '../../../domain/vendor-setup.ts';

export const woocommerceSetup: SourceSetup = {
  secret: { by: 'throughline' },
  steps: ({ url, secret }) => [
    {
      text: 'In WordPress, open WooCommerce → Settings → Advanced → Webhooks, and add one webhook for each topic below, with the status Active. Delivery URL:',
      paste: url,
    },
    {
      text: 'Topics:',
      paste: [
        'Order created',
        'Order updated',
        'Order restored',
        'Customer created',
        'Customer updated',
      ].join('\n'),
    },
    { text: 'Secret of each webhook:', paste: secret },
  ],
};
