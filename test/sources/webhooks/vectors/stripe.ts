import { createHmac } from 'node:crypto';
import { buildEvent, SESSION } from '../../payloads/stripe/objects.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/stripe';

const vectors: KindVectors = {
  kind: 'stripe',
  secrets: ['whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH', 'whsec_9aQ1kEWLlfzsGNjH64I8lOOqUB6e0000'],
  body: JSON.stringify(buildEvent('checkout.session.completed', SESSION)),
  sign(body, secret, at) {
    const seconds = Math.floor(at / 1_000);
    const signature = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
    return {
      url: URL,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': `t=${seconds},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39,v1=${signature}`,
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'stripe-signature',
  signsBody: true,
  signsTime: true,
  // Made by Stripe's own library for Node, 23.1.0: `Stripe.webhooks.generateTestHeaderString`.
  documented: {
    secret: 'whsec_test_secret',
    request: {
      url: URL,
      headers: {
        'stripe-signature':
          't=1795989600,v1=e89e3a77847a91db7282a5ed00f84ba7f1102747894c496c75252fa8eb8ddc94',
      },
      body: Buffer.from('{"id":"evt_1","object":"event","type":"payment_intent.succeeded"}'),
      receivedAt: 1_795_989_600_000,
    },
  },
};

export default vectors;
