import { z } from 'zod';
import { UNSUBSCRIBED_REASON } from '../domain/suppression.ts';
import { countSegments } from '../domain/text-segments.ts';
import { INVALID_NUMBER_CODES, UNSUBSCRIBED_CODE } from '../domain/twilio-codes.ts';
import type { Channel, SendResult } from './channel.ts';
import { type ChannelDeps, channelKind } from './channel-kind.ts';
import { createProvider, type Reply, readObject, readRetryAfter, readShort } from './provider.ts';
import { webUrl } from './url-settings.ts';

const TWILIO = 'https://api.twilio.com';

const settings = z.object({
  accountSid: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'must be the SID of an account: AC…'),
  authToken: z.string().min(1).optional(),
  /** Instead of the auth token: can be revoked by itself. */
  apiKey: z
    .strictObject({ sid: z.string().regex(/^SK/, 'must begin with SK'), secret: z.string().min(1) })
    .optional(),
  from: z.string().min(1).optional(),
  messagingServiceSid: z.string().regex(/^MG/, 'must begin with MG').optional(),
  /** The source of kind `twilio` to which Twilio reports what became of a message. */
  source: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'must be the id of a source')
    .optional(),
  baseUrl: webUrl.default(TWILIO),
});

/** Twilio's Messages API: text messages, and WhatsApp with an address of its kind. */
export const twilioKind = channelKind({
  settings,
  check: ({ authToken, apiKey, from, messagingServiceSid }) => {
    if ((authToken === undefined) === (apiKey === undefined)) return 'set one of authToken and apiKey';
    if ((from === undefined) === (messagingServiceSid === undefined))
      return 'set one of from and messagingServiceSid';
    return null;
  },
  carries: 'text',
  receipts: ['delivered', 'bounced', 'unsubscribed'],
  setup: {
    entry: {
      accountSid: '<Account SID>',
      authToken: '<Auth Token>',
      messagingServiceSid: '<Messaging Service SID>',
      source: '<id of a source of kind twilio>',
    },
    steps: [
      'In the Twilio Console, copy Account SID and Auth Token from the page of the account.',
      'Create a messaging service with your numbers, and copy its SID; or give a number as "from" instead.',
    ],
  },
  create: createTwilioChannel,
});

/** Twilio did nothing, for a reason that passes: too many requests, or a full queue. */
const NOT_NOW = [20429, 21611];

function createTwilioChannel(
  id: string,
  { accountSid, authToken, apiKey, from, messagingServiceSid, source, baseUrl }: z.output<typeof settings>,
  { outbound, publicUrl }: ChannelDeps,
): Channel {
  const provider = createProvider(outbound, baseUrl);
  const url = `${baseUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const [user, password] = apiKey ? [apiKey.sid, apiKey.secret] : [accountSid, authToken ?? ''];
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': 'throughline',
  };
  const sender: Record<string, string> = messagingServiceSid
    ? { MessagingServiceSid: messagingServiceSid }
    : { From: from ?? '' };
  const callback: Record<string, string> = source
    ? { StatusCallback: `${publicUrl}/v1/sources/${source}` }
    : {};
  return {
    id,
    concurrency: 20,
    reachability: provider.reachability,
    send({ to, text }) {
      const body = new URLSearchParams({ To: to, ...sender, Body: text, ...callback }).toString();
      return provider.call({ method: 'POST', url, headers, body }, (reply) => classifyReply(reply, text));
    },
    close: async () => {},
  };
}

/**
 * Classifies a reply. Twilio documents no idempotency key for messages, so an attempt without a definite answer is never
 * repeated.
 */
function classifyReply(reply: Reply, text: string): SendResult {
  const { status } = reply;
  const {
    sid,
    status: state,
    code,
    error_code: codeInside,
    message,
    error_message: inside,
  } = readObject(reply);
  const reason = readShort(message) || readShort(inside);
  if (status >= 200 && status < 300) {
    if (state === 'failed' || state === 'undelivered' || readCode(codeInside) !== undefined)
      return fail(readCode(codeInside), reason || `Twilio answered ${readShort(state)}`);
    if (readShort(sid) === '')
      return { state: 'unknown', error: `Twilio answered ${status} without a message` };
    return { state: 'sent', providerId: readShort(sid), segments: countSegments(text).segments };
  }
  const known = readCode(code);
  const error = `Twilio answered ${status}${known === undefined ? '' : ` (${known})`}${reason ? `: ${reason}` : ''}`;
  if (status === 429 || (known !== undefined && NOT_NOW.includes(known)))
    return { state: 'retry', error, ...readRetryAfter(reply) };
  // Credentials and accounts are mended without a change of the message.
  if (status === 401 || status === 403) return { state: 'retry', error };
  if (status >= 300 && status < 500) return fail(known, error);
  return { state: 'unknown', error };
}

function fail(code: number | undefined, error: string): SendResult {
  if (code === UNSUBSCRIBED_CODE)
    return { state: 'failed', error, suppress: true, reason: UNSUBSCRIBED_REASON };
  return { state: 'failed', error, suppress: code !== undefined && INVALID_NUMBER_CODES.includes(code) };
}

function readCode(value: unknown): number | undefined {
  const code = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined;
}
