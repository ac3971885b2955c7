import { ruleBody } from '../../payloads/freshdesk/rule.ts';
import type { KindVectors } from '../kind-vectors.ts';

const vectors: KindVectors = {
  kind: 'freshdesk',
  secrets: ['a-secret-that-throughline-made-1', 'a-secret-that-throughline-made-2'],
  body: ruleBody(),
  sign(body, secret, at) {
    return {
      url: 'https://journeys.example/v1/sources/desk',
      headers: { 'content-type': 'application/json', 'x-throughline-secret': secret },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-throughline-secret',
  signsBody: false,
  signsTime: false,
  documented: null,
};

export default vectors;
