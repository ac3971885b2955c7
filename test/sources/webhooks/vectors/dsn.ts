import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readMailReport } from '../../../../src/sources/webhooks/mail-report.ts';
import { ROOT } from '../../../support/paths.ts';
import type { KindVectors } from '../kind-vectors.ts';

const mail = readFileSync(path.join(ROOT, 'test/sources/payloads/dsn/postfix-unknown-user.eml'));

const vectors: KindVectors = {
  kind: 'dsn',
  secrets: ['a-secret-for-the-pipe-of-bounces', 'another-one-for-the-pipe'],
  // What is read is what is left of the mail.
  body: await readMailReport(mail),
  posted: mail,
  sign: (body, secret, at) => ({
    url: 'https://journeys.example/v1/sources/bounces',
    headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${secret}` },
    body,
    receivedAt: at,
  }),
  signatureHeader: 'authorization',
  signsBody: false,
  signsTime: false,
  documented: null,
};

export default vectors;
