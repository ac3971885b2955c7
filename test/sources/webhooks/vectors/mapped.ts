import { createHmac } from 'node:crypto';
import type { KindVectors } from '../kind-vectors.ts';

const vectors: KindVectors = {
  kind: 'mapped',
  yaml: `verify: { hmac: { header: X-Signature, prefix: "sha256=", timestamp: X-Timestamp } },
    messages: [{ when: "headers['x-topic'] == 'points'", event: Points Earned, messageId: payload.id,
      timestamp: payload.at, userId: payload.member.number, externalIds: { loyalty: payload.member.id },
      properties: { points: payload.points, tier: payload.member.tier } }]`,
  secrets: ['a secret of the loyalty desk', 'the next secret of the loyalty desk'],
  body: JSON.stringify({
    id: 4711,
    at: '2026-11-12T10:14:58Z',
    points: 120,
    member: { id: 'm-1', number: 'helen', tier: null },
  }),
  sign(body, secret, at) {
    const time = String(Math.floor(at / 1_000));
    const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
    return {
      url: 'https://journeys.example/v1/sources/loyalty',
      headers: {
        'content-type': 'application/json',
        'x-topic': 'points',
        'x-timestamp': time,
        'x-signature': `sha256=${signature}`,
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-signature',
  signsBody: true,
  signsTime: true,
  documented: null,
};

export default vectors;
