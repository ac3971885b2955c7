import { createHmac } from 'node:crypto';
import { conversation, notice } from '../../payloads/intercom/notices.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/chat';

const vectors: KindVectors = {
  kind: 'intercom',
  secrets: ['7d9b0c4e-client-secret-one', '1f2e3d4c-client-secret-two'],
  body: JSON.stringify(notice('conversation.user.created', conversation())),
  sign(body, secret, at) {
    return {
      url: URL,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'intercom-parrot-service-client/1.0',
        'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-hub-signature',
  signsBody: true,
  signsTime: false,
  // By openssl: printf '%s' "$body" | openssl dgst -sha1 -hmac "$secret"
  documented: {
    secret: 'a-secret-of-the-documented-vector',
    request: {
      url: URL,
      headers: { 'x-hub-signature': 'sha1=aa35f387326af94707d15b80b9a30e8888826b29' },
      body: Buffer.from('{"type":"notification_event","topic":"ping"}'),
      receivedAt: Date.UTC(2026, 10, 12),
    },
  },
};

export default vectors;
