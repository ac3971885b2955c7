import { createHmac } from 'node:crypto';
import type http from 'node:http';
import { type Peer, startPeer } from './peer.ts';

/** A message that Twilio has taken. */
interface TwilioMessage {
  sid: string;
  To: string;
  From: string;
  Body: string;
  StatusCallback: string | null;
}

/** How the peer answers beside its usual way. */
export type TwilioMood = 'usual' | 'limited' | 'broken' | 'garbage' | 'error-inside' | 'silent' | 'gone';

export interface TwilioPeer extends Peer {
  accountSid: string;
  authToken: string;
  messages: TwilioMessage[];
  /** Numbers that have sent STOP to the sender. */
  optedOut: Set<string>;
  mood: TwilioMood;
  /** Posts a message's status to its StatusCallback, signed. */
  report(sid: string, status: string, errorCode?: number): Promise<Response>;
  /** Posts a message that came from a number to the webhook at `url`, signed. */
  receive(url: string, from: string, body: string, more?: Record<string, string>): Promise<Response>;
}

/** Twilio's own signature: HMAC-SHA1 over the URL and the sorted parameters. */
function signTwilio(authToken: string, url: string, params: Record<string, string>): string {
  const signed = Object.keys(params)
    .sort()
    .reduce((text, name) => text + name + params[name], url);
  return createHmac('sha1', authToken).update(signed).digest('base64');
}

const SENDER = '+15005550006';
let count = 0;
const createSid = (prefix: string) => `${prefix}${String(++count).padStart(32, '0')}`;

/** Starts a server that acts like Twilio's Messages API, as far as the channel uses it. */
export async function startTwilioPeer(): Promise<TwilioPeer> {
  const accountSid = 'AC00000000000000000000000000000001';
  const authToken = 'the auth token of the test';
  const messages: TwilioMessage[] = [];
  const optedOut = new Set<string>();
  const peer = await startPeer((request, response, body) => {
    const { mood } = state;
    const error = (status: number, code: number, message: string, headers: http.OutgoingHttpHeaders = {}) =>
      reply(
        response,
        status,
        { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
        headers,
      );
    if (mood === 'silent') return;
    if (mood === 'gone') return request.socket.destroy();
    if (mood === 'garbage')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>ok</html>');
    if (mood === 'broken') return error(500, 20500, 'Internal Server Error');
    if (mood === 'limited') return error(429, 20429, 'Too Many Requests', { 'retry-after': '7' });
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return error(401, 20003, 'Authenticate');
    if (request.method !== 'POST' || request.url !== `/2010-04-01/Accounts/${accountSid}/Messages.json`)
      return error(404, 20404, `The requested resource ${request.url} was not found`);
    const params = new URLSearchParams(body);
    const [to, text] = [params.get('To') ?? '', params.get('Body') ?? ''];
    const from = params.get('From') ?? params.get('MessagingServiceSid') ?? '';
    if (to === '') return error(400, 21604, "A 'To' phone number is required.");
    if (from === '') return error(400, 21603, "A 'From' phone number is required.");
    if (text === '') return error(400, 21602, 'Message body is required.');
    if (text.length > 1600)
      return error(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
    if (!/^\+[1-9]\d{7,14}$/.test(to)) return error(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    if (to.endsWith('0000')) return error(400, 21614, `'To' number is not a valid mobile number`);
    if (optedOut.has(to)) return error(400, 21610, 'Attempt to send to unsubscribed recipient');
    const sid = createSid('SM');
    const resource = createResource({ accountSid, sid, to, from: params.get('From'), text });
    if (mood === 'error-inside')
      return reply(response, 200, {
        ...resource,
        status: 'failed',
        error_code: 30006,
        error_message: 'Landline or unreachable carrier',
      });
    messages.push({ sid, To: to, From: from, Body: text, StatusCallback: params.get('StatusCallback') });
    reply(response, 201, resource);
  });
  const post = (url: string, params: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'i-twilio-idempotency-token': `${count}-token`,
        'user-agent': 'TwilioProxy/1.1',
        'x-twilio-signature': signTwilio(authToken, url, params),
      },
      body: new URLSearchParams(params),
    });
  const state: TwilioPeer = {
    ...peer,
    accountSid,
    authToken,
    messages,
    optedOut,
    mood: 'usual',
    async report(sid, status, errorCode) {
      const message = messages.find((sent) => sent.sid === sid);
      if (!message?.StatusCallback) throw new Error(`${sid} has no StatusCallback`);
      return post(message.StatusCallback, {
        AccountSid: accountSid,
        ApiVersion: '2010-04-01',
        From: SENDER,
        MessageSid: sid,
        MessageStatus: status,
        SmsSid: sid,
        SmsStatus: status,
        To: message.To,
        ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
      });
    },
    async receive(url, from, body, more = {}) {
      const word = body.trim().toUpperCase();
      if (['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'].includes(word)) optedOut.add(from);
      if (['START', 'YES', 'UNSTOP'].includes(word)) optedOut.delete(from);
      const sid = createSid('SM');
      return post(url, {
        AccountSid: accountSid,
        ApiVersion: '2010-04-01',
        Body: body,
        From: from,
        FromCountry: 'DE',
        MessageSid: sid,
        NumMedia: '0',
        NumSegments: '1',
        SmsMessageSid: sid,
        SmsSid: sid,
        SmsStatus: 'received',
        To: SENDER,
        ToCountry: 'US',
        ...more,
      });
    },
  };
  return state;
}

function createResource({ accountSid, sid, to, from, text }: Record<string, string | null>) {
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text,
    date_created: 'Thu, 12 Nov 2026 10:15:00 +0000',
    date_sent: null,
    date_updated: 'Thu, 12 Nov 2026 10:15:00 +0000',
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: 'queued',
    subresource_uris: { media: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media.json` },
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

function reply(
  response: http.ServerResponse,
  status: number,
  body: unknown,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
