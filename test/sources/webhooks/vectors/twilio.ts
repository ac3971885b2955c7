import { createHmac } from 'node:crypto';
import { inbound } from '../../payloads/twilio/requests.ts';
import type { KindVectors } from '../kind-vectors.ts';

const URL_OF_SOURCE = 'https://journeys.example/v1/sources/sms';
const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };

const vectors: KindVectors = {
  kind: 'twilio',
  secrets: ['an auth token of the test', 'the next auth token'],
  body: new URLSearchParams(inbound('When do you open?')).toString(),
  sign(body, secret, at, url = URL_OF_SOURCE) {
    const signed = [...new URLSearchParams(body.toString())]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .reduce((text, [name, value]) => text + name + value, url);
    return {
      url,
      headers: {
        ...FORM,
        'user-agent': 'TwilioProxy/1.1',
        'x-twilio-signature': createHmac('sha1', secret).update(signed).digest('base64'),
      },
      body,
      receivedAt: at,
    };
  },
  signatureHeader: 'x-twilio-signature',
  signsBody: true,
  signsTime: false,
  // Of Twilio's page about validating requests.
  documented: {
    secret: '12345',
    request: {
      url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
      headers: { ...FORM, 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
      body: Buffer.from(
        new URLSearchParams({
          Digits: '1234',
          To: '+18005551212',
          From: '+14158675309',
          Caller: '+14158675309',
          CallSid: 'CA1234567890ABCDE',
        }).toString(),
      ),
      receivedAt: Date.UTC(2026, 10, 12),
    },
  },
};

export default vectors;
