import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../support/paths.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL = 'https://journeys.example/v1/sources/sendgrid';
const privateKeys = new Map<string, KeyObject>();

function createKey(): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const shown = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  privateKeys.set(shown, privateKey);
  return shown;
}

const vectors: KindVectors = {
  kind: 'sendgrid',
  secrets: [createKey(), createKey()],
  body: readFileSync(path.join(ROOT, 'test/sources/payloads/sendgrid/events.json')),
  sign(body, secret, at) {
    const timestamp = String(Math.floor(at / 1_000));
    const signature = sign(
      'sha256',
      Buffer.concat([Buffer.from(timestamp), body]),
      privateKeys.get(secret) as KeyObject,
    );
    return {
      url: URL,
      headers: {
        'content-type': 'application/json',
        'x-twilio-email-event-webhook-signature': signature.toString('base64'),
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-twilio-email-event-webhook-signature',
  signsBody: true,
  // SendGrid repeats a list for a day.
  signsTime: false,
  // The vector of SendGrid's own libraries.
  documented: {
    secret:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==',
    request: {
      url: URL,
      headers: {
        'x-twilio-email-event-webhook-signature':
          'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=',
        'x-twilio-email-event-webhook-timestamp': '1588788367',
      },
      body: Buffer.from('{"category":"example_payload","event":"test_event","message_id":"message_id"}'),
      receivedAt: 1_588_788_367_000,
    },
  },
};

export default vectors;
