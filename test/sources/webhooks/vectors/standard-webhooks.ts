import { createHmac } from 'node:crypto';
import type { Instant } from '../../../../src/domain/time/time.ts';
import type { WebhookRequest } from '../../../../src/sources/webhooks/webhook-kind.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/crm';

/** A request as Standard Webhooks describes it. */
export function signStandardWebhook(
  body: Buffer,
  secret: string,
  at: Instant,
  id = 'msg_2b5kGZ',
): WebhookRequest {
  const seconds = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64');
  return {
    url: URL,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${signature}`,
    },
    body,
    receivedAt: at,
  };
}

const vectors: KindVectors = {
  kind: 'standard-webhooks',
  secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'],
  body: JSON.stringify({
    type: 'order.completed',
    timestamp: '2026-11-12T10:15:00Z',
    data: { userId: 'helen', email: 'helen@example.com', order_id: 'o-1', total: 412 },
  }),
  sign: (body, secret, at) => signStandardWebhook(body, secret, at),
  signatureHeader: 'webhook-signature',
  signsBody: true,
  signsTime: true,
  // The vector of the specification's reference libraries.
  documented: {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    request: {
      url: URL,
      headers: {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
      body: Buffer.from('{"test": 2432232314}'),
      receivedAt: 1_614_265_330_000,
    },
  },
};

export default vectors;
