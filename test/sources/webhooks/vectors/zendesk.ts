import { createHmac } from 'node:crypto';
import { ticketEvent } from '../../payloads/zendesk/events.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/helpdesk';

const vectors: KindVectors = {
  kind: 'zendesk',
  secrets: ['Zendesk-signing-secret-one-5aGh0', 'Zendesk-signing-secret-two-9bTk1'],
  body: JSON.stringify(ticketEvent('created')),
  sign(body, secret, at) {
    const timestamp = new Date(at).toISOString().replace('.000', '');
    return {
      url: URL,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-zendesk-account-id': '22129848',
        'x-zendesk-webhook-id': '01GK8E6BKWMJZD2T8Y5AXJQMG5',
        'x-zendesk-webhook-invocation-id': '01HNXE5X7QZB1M3V5T7R9P1K2J',
        'x-zendesk-webhook-signature': createHmac('sha256', secret)
          .update(timestamp)
          .update(body)
          .digest('base64'),
        'x-zendesk-webhook-signature-timestamp': timestamp,
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-zendesk-webhook-signature',
  signsBody: true,
  signsTime: true,
  // By openssl: printf '%s%s' "$timestamp" "$body" | openssl dgst -sha256 -hmac "$secret" -binary | base64
  documented: {
    secret: 'a-secret-of-the-documented-vector',
    request: {
      url: URL,
      headers: {
        'x-zendesk-webhook-signature': '58gSQnH4GIR9tSSqzg7oA8bf7ZQbMDBMgwRb6hSF9ko=',
        'x-zendesk-webhook-signature-timestamp': '2021-03-25T05:09:27Z',
      },
      body: Buffer.from('{"event":"ticket.updated","id":123}'),
      receivedAt: Date.UTC(2021, 2, 25, 5, 9, 30),
    },
  },
};

export default vectors;
