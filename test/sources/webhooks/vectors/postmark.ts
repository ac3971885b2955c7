import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../support/paths.ts';
import type { KindVectors } from '../kind-vectors.ts';

const vectors: KindVectors = {
  kind: 'postmark',
  secrets: ['a-password-for-postmark', 'another-one-for-postmark'],
  body: readFileSync(path.join(ROOT, 'test/sources/payloads/postmark/bounce.json')),
  sign: (body, secret, at) => ({
    url: 'https://journeys.example/v1/sources/postmark',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`throughline:${secret}`).toString('base64')}`,
    },
    body,
    receivedAt: at,
  }),
  signatureHeader: 'authorization',
  signsBody: false,
  signsTime: false,
  documented: null,
};

export default vectors;
