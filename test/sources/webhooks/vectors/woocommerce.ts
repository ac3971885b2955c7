import { createHmac } from 'node:crypto';
import { ORDER } from '../../payloads/woocommerce/order.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/woocommerce';

const vectors: KindVectors = {
  kind: 'woocommerce',
  secrets: ['tD5~!Uq(xQ#b', 'p3*wZ%kLm}oT'],
  body: JSON.stringify(ORDER),
  sign(body, secret, at) {
    return {
      url: URL,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'WooCommerce/9.4.2 Hookshot (WordPress/6.7)',
        'x-wc-webhook-source': 'https://aroma.example/',
        'x-wc-webhook-topic': 'order.updated',
        'x-wc-webhook-resource': 'order',
        'x-wc-webhook-event': 'updated',
        'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
        'x-wc-webhook-id': '3',
        'x-wc-webhook-delivery-id': '36e520ebabc2fa725092ff4a47acedf2',
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-wc-webhook-signature',
  signsBody: true,
  signsTime: false,
  // WooCommerce publishes none. This one was computed with `openssl dgst -sha256 -hmac … -binary | base64`.
  documented: {
    secret: 'wc-secret',
    request: {
      url: URL,
      headers: { 'x-wc-webhook-signature': 'CJGy2l17vmafo5cc0gtESTEst3ie65pcrP8ExTVLjmA=' },
      body: Buffer.from('{"id":727,"status":"processing"}'),
      receivedAt: 0,
    },
  },
};

export default vectors;
