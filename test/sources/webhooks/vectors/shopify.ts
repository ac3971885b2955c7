import { createHmac } from 'node:crypto';
import { ORDER } from '../../payloads/shopify/order.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/shopify';

const vectors: KindVectors = {
  kind: 'shopify',
  secrets: ['hush-4f1c9b', 'hush-77ab02'],
  body: JSON.stringify({ ...ORDER, updated_at: '2026-11-12T11:05:00+01:00' }),
  sign(body, secret, at) {
    return {
      url: URL,
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': 'orders/updated',
        'x-shopify-shop-domain': 'aroma.myshopify.com',
        'x-shopify-api-version': '2026-10',
        'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        'x-shopify-event-id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
        'x-shopify-triggered-at': '2026-11-12T10:05:00.123456789Z',
        'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-shopify-hmac-sha256',
  signsBody: true,
  signsTime: false,
  // Shopify publishes none. This one is of the documentation of SQLPage, which has a function for it.
  documented: {
    secret: 'test-webhook-secret',
    request: {
      url: URL,
      headers: { 'x-shopify-hmac-sha256': 'QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=' },
      body: Buffer.from('{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}'),
      receivedAt: 0,
    },
  },
};

export default vectors;
