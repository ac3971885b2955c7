import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPayloadEvaluator } from '../../../src/definitions/cel/payload.ts';
import { twilio } from '../../../src/sources/webhooks/twilio.ts';
import type { SourceSettings, WebhookReading } from '../../../src/sources/webhooks/webhook-kind.ts';
import { listSent } from '../../support/events-page.ts';
import { inbound, report } from '../payloads/twilio/requests.ts';

const RECEIVED = Date.UTC(2026, 10, 12, 10, 15);
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const source = (settings: Record<string, unknown> = {}): SourceSettings => ({
  id: 'sms',
  kind: 'twilio',
  customer: {},
  settings,
  evaluate: createPayloadEvaluator(),
});

function read(params: Record<string, string>, settings: Record<string, unknown> = {}): WebhookReading {
  const body = Buffer.from(new URLSearchParams(params).toString());
  return twilio.read({ url: '', headers: FORM, body, receivedAt: RECEIVED }, source(settings));
}

function messagesOf(reading: WebhookReading) {
  if (reading.kind !== 'messages') throw new Error(`${reading.kind}: ${reading.reason}`);
  return reading.messages;
}

const callsOf = (reading: WebhookReading) =>
  messagesOf(reading).flatMap((message) => (message.kind === 'call' ? [message.call] : []));
const receiptsOf = (reading: WebhookReading) =>
  messagesOf(reading).flatMap((message) => (message.kind === 'receipt' ? [message.receipt] : []));

const consent = (status: string, channel = 'sms') => [
  expect.objectContaining({
    type: 'track',
    event: 'Consent Changed',
    timestamp: RECEIVED,
    context: { traits: { phone: '+491701234567' } },
    properties: { purpose: 'all', channel, status, stated_by: 'customer' },
  }),
];
const said = (properties: object) => [
  expect.objectContaining({ event: 'Message Received', properties: expect.objectContaining(properties) }),
];
const receipt = (facts: object) => [
  expect.objectContaining({
    channel: null,
    deliveryId: null,
    providerId: 'SM22222222222222222222222222222222',
    at: RECEIVED,
    ...facts,
  }),
];

/** Rows of docs/sources.md. */
const ROWS: Record<string, () => void> = {
  '`STOP`, `STOPALL`, `UNSUBSCRIBE`, `CANCEL`, `END`, `QUIT`, `OPTOUT`, `REVOKE`': () => {
    for (const word of ['STOP', 'stopall', 'Unsubscribe', ' CANCEL ', 'End.', '“quit”', 'OPTOUT', 'revoke!'])
      expect(callsOf(read(inbound(word))), word).toEqual(consent('withdrawn'));
  },
  '`START`, `YES`, `UNSTOP`': () => {
    for (const word of ['start', 'Yes!', 'UNSTOP'])
      expect(callsOf(read(inbound(word))), word).toEqual(consent('granted'));
  },
  '`HELP`, `INFO`': () => {
    expect(callsOf(read(inbound('help')))).toEqual(said({ text: 'help', keyword: 'help' }));
  },
  '`OptOutType`, of Advanced Opt-Out': () => {
    expect(callsOf(read(inbound('arrêt', { OptOutType: 'STOP' })))).toEqual(consent('withdrawn'));
    expect(callsOf(read(inbound('oui', { OptOutType: 'START' })))).toEqual(consent('granted'));
    expect(callsOf(read(inbound('aide', { OptOutType: 'HELP' })))).toEqual(said({ keyword: 'help' }));
  },
  'a word of `settings.words`': () => {
    const words = { stop: ['Stopp', 'Keine SMS'], start: ['ja'] };
    expect(callsOf(read(inbound('STOPP'), { words }))).toEqual(consent('withdrawn'));
    expect(callsOf(read(inbound('keine sms!'), { words }))).toEqual(consent('withdrawn'));
    expect(callsOf(read(inbound('Ja'), { words }))).toEqual(consent('granted'));
  },
  'any other text': () => {
    const text = 'Stop sending me beans, the grinder is broken';
    expect(callsOf(read(inbound(text)))).toEqual(
      said({ text, message_id: 'SM11111111111111111111111111111111', channel: 'sms' }),
    );
    expect(callsOf(read(inbound('', { NumMedia: '2' })))).toEqual(said({ attachments: 2 }));
    expect(callsOf(read(inbound('open?'), { event: 'Question Asked' }))).toEqual([
      expect.objectContaining({
        event: 'Question Asked',
        properties: expect.objectContaining({ question_id: 'SM11111111111111111111111111111111' }),
      }),
    ]);
  },
  '`From` `whatsapp:+491701234567`': () => {
    expect(
      callsOf(read(inbound('STOP', { From: 'whatsapp:+491701234567' }), { channel: 'whatsapp' })),
    ).toEqual(consent('withdrawn', 'whatsapp'));
  },
  '`delivered`': () => {
    expect(receiptsOf(read(report('delivered')))).toEqual(receipt({ kind: 'delivered' }));
  },
  '`read`': () => {
    expect(receiptsOf(read(report('read')))).toEqual(receipt({ kind: 'opened' }));
  },
  '`undelivered` or `failed`': () => {
    expect(receiptsOf(read(report('undelivered', { ErrorCode: '30003' })))).toEqual(
      receipt({ kind: 'bounced', permanent: false, reason: '30003' }),
    );
    expect(receiptsOf(read(report('failed')))).toEqual(receipt({ kind: 'bounced', permanent: false }));
  },
  'the same, with 21211, 21214, 21217, 21614, 30005 or 30006': () => {
    expect(receiptsOf(read(report('undelivered', { ErrorCode: '30006' })))).toEqual(
      receipt({ kind: 'bounced', permanent: true, reason: '30006' }),
    );
  },
  'the same, with 21610': () => {
    const reading = read(report('failed', { ErrorCode: '21610' }));
    expect(receiptsOf(reading)).toEqual(receipt({ kind: 'bounced', permanent: false }));
    expect(callsOf(reading)).toEqual(consent('withdrawn'));
  },
  '`queued`, `sending`, `sent` and the like': () => {
    for (const status of ['accepted', 'queued', 'sending', 'sent', 'scheduled', 'canceled'])
      expect(read(report(status)).kind, status).toBe('ignored');
  },
  'the same request again': () => {
    expect(read(inbound('STOP'))).toEqual(read(inbound('STOP')));
    expect(read(report('delivered'))).toEqual(read(report('delivered')));
  },
};

describe('docs/sources.md, Twilio', () => {
  const rows = listSent('Twilio', 'docs/sources.md');

  test('each row of what becomes what has a case', () => {
    expect(rows.slice(0, Object.keys(ROWS).length)).toEqual(Object.keys(ROWS));
  });

  test.each(Object.entries(ROWS))('%s', (_, check) => check());
});

test.each([
  [{}, 'expected MessageSid to be the id of a message, found nothing'],
  [{ MessageSid: 'SM1' }, 'expected MessageStatus to be the status of a message, found nothing'],
  [{ MessageSid: 'SM1', Body: 'STOP' }, 'expected From to be a number, found nothing'],
  [{ MessageSid: 'SM1', Body: 'STOP', From: 'AROMA' }, 'expected From to be a number, found a text'],
])('%j is kept as unreadable: %s', (params, reason) => {
  expect(read(params)).toMatchObject({ kind: 'unreadable', reason });
});

const SECRET = 'the auth token';

test('JSON is verified by its digest in the query', () => {
  const body = Buffer.from(JSON.stringify({ MessageSid: 'SM3', MessageStatus: 'delivered' }));
  const digest = createHash('sha256').update(body).digest('hex');
  const url = `https://journeys.example/v1/sources/sms?bodySHA256=${digest}`;
  const headers = {
    'content-type': 'application/json',
    'x-twilio-signature': createHmac('sha1', SECRET).update(url).digest('base64'),
  };
  const request = { url, headers, body, receivedAt: RECEIVED };
  expect(twilio.verify(request, [SECRET], source())).toEqual({ kind: 'genuine' });
  expect(receiptsOf(twilio.read(request, source()))).toMatchObject([
    { kind: 'delivered', providerId: 'SM3' },
  ]);
  const changed = Buffer.from(body.toString().replace('delivered', 'undelivered'));
  expect(twilio.verify({ ...request, body: changed }, [SECRET], source())).toMatchObject({ kind: 'refused' });
});

test('the URL may be signed with its usual port, and names that come twice are signed once each', () => {
  const body = Buffer.from('MessageSid=SM4&MediaUrl=b&MediaUrl=a&MediaUrl=b');
  const sign = (url: string) =>
    createHmac('sha1', SECRET).update(`${url}MediaUrlaMediaUrlbMessageSidSM4`).digest('base64');
  const verify = (url: string, signedUrl: string) =>
    twilio.verify(
      { url, headers: { ...FORM, 'x-twilio-signature': sign(signedUrl) }, body, receivedAt: RECEIVED },
      [SECRET],
      source(),
    ).kind;
  expect(verify('https://a.example/x', 'https://a.example/x')).toBe('genuine');
  expect(verify('https://a.example/x', 'https://a.example:443/x')).toBe('genuine');
  expect(verify('https://a.example/x', 'https://a.example:8443/x')).toBe('refused');
  expect(verify('https://a.example/x', 'http://a.example/x')).toBe('refused');
});

test.each([
  [{ channel: 'SMS' }, 'channel'],
  [{ event: '' }, 'event'],
  [{ words: { halt: ['x'] } }, 'words'],
  [{ words: { stop: 'x' } }, 'words'],
  [{ token: 'x' }, 'token'],
])('settings %j have a mistake at %s', (settings, path) => {
  expect(twilio.checkSettings?.(settings)).toMatchObject([{ path }]);
  expect(twilio.checkSettings?.({ channel: 'sms', event: 'Asked', words: { stop: ['STOPP'] } })).toEqual([]);
});
