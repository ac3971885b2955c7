import { createHash } from 'node:crypto';
import { EVENT } from '../../domain/event.ts';
import type { Receipt } from '../../domain/receipt.ts';
import { INVALID_NUMBER_CODES, UNSUBSCRIBED_CODE } from '../../domain/twilio-codes.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { isObject } from '../../domain/values/json-object.ts';
import { ignore } from './calls.ts';
import { hasHmac, isLiveSecret, readHeader } from './hmac.ts';
import { expectField, parseJsonBody } from './json-body.ts';
import {
  GENUINE,
  refuse,
  type SourceSettings,
  type Verification,
  type WebhookKind,
  type WebhookMessage,
  type WebhookReading,
  type WebhookRequest,
} from './webhook-kind.ts';

type Params = Readonly<Record<string, string>>;

const SIGNATURE = 'x-twilio-signature';
/** Twilio signs JSON by its digest, which it puts into the query. */
const DIGEST = 'bodySHA256';

/** Twilio: messages of customers, with STOP and START, and what became of ours. */
export const twilio: WebhookKind = {
  id: 'twilio',
  name: 'Twilio',
  keptHeaders: ['content-type'],
  verify,
  read,
  setup: {
    secret: { by: 'vendor', shown: 'the auth token of the account' },
    steps: ({ url }) => [
      {
        text: 'In the Twilio Console, open the messaging service (Integration), or the phone number (Messaging), and set the webhook for incoming messages, with HTTP POST:',
        paste: url,
      },
      'Name this source in the channel, as its "source" in CHANNELS: each message then asks for reports to the same URL.',
      'Leave the handling of STOP and START to Twilio, or switch Advanced Opt-Out on: both are understood.',
    ],
  },
  // An empty answer in Twilio's language: no reply to the customer.
  answer: { type: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>' },
  checkSettings,
};

function verify({ url, headers, body }: WebhookRequest, secrets: readonly string[]): Verification {
  const signature = readHeader(headers, SIGNATURE) ?? '';
  const digest = URL.canParse(url) ? new URL(url).searchParams.get(DIGEST) : null;
  const signed = digest === null ? joinParams(body) : '';
  const isGenuine = listUrls(url)
    .map((form) => hasHmac({ algorithm: 'sha1', encoding: 'base64' }, [form, signed], [signature], secrets))
    .includes(true);
  const isWhole =
    digest === null || isLiveSecret(digest.toLowerCase(), [createHash('sha256').update(body).digest('hex')]);
  if (isGenuine && isWhole) return GENUINE;
  return refuse(
    `${SIGNATURE} is not that of this request under a secret of this source: is ${url} the URL that Twilio calls?`,
  );
}

/** Some of Twilio's services sign the URL with its usual port, and some without. */
function listUrls(url: string): string[] {
  if (!URL.canParse(url)) return [url];
  const { protocol, port, host } = new URL(url);
  if (port !== '') return [url];
  return [url, url.replace(host, `${host}:${protocol === 'https:' ? 443 : 80}`)];
}

/** Names and values of the form, sorted by name. Of a name that comes twice, each value once, sorted. */
function joinParams(body: Buffer): string {
  const params = new URLSearchParams(body.toString());
  return [...new Set(params.keys())]
    .sort()
    .map((name) =>
      [...new Set(params.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

function read(request: WebhookRequest, source: SourceSettings): WebhookReading {
  const params = readParams(request);
  if (params === undefined) return expectField('the body', 'a form or a JSON object', undefined);
  const sid = params.MessageSid || params.SmsSid || params.SmsMessageSid;
  if (!sid) return expectField('MessageSid', 'the id of a message', undefined);
  const status = params.MessageStatus || params.SmsStatus || '';
  if (params.Body === undefined && status !== 'received')
    return readReport(params, sid, status, request, source);
  return readMessage(params, sid, request, source);
}

function readParams({ headers, body }: WebhookRequest): Params | undefined {
  const text = body.toString();
  if (readHeader(headers, 'content-type')?.includes('json')) {
    const value = parseJsonBody(body);
    if (!isObject(value)) return undefined;
    const entries = Object.entries(value).filter(([, field]) => ['string', 'number'].includes(typeof field));
    return Object.fromEntries(entries.map(([name, field]) => [name, String(field)]));
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** What became of a message of ours. */
function readReport(
  { ErrorCode, To }: Params,
  sid: string,
  status: string,
  { receivedAt }: WebhookRequest,
  source: SourceSettings,
): WebhookReading {
  const kind = getOwn(REPORTED, status.toLowerCase());
  if (kind === undefined)
    return status === ''
      ? expectField('MessageStatus', 'the status of a message', undefined, sid)
      : ignore(`${status} says nothing new`);
  const code = Number(ErrorCode || Number.NaN);
  const receipt: Receipt = {
    kind,
    channel: null,
    deliveryId: null,
    providerId: sid,
    at: receivedAt,
    id: `${sid}:${status.toLowerCase()}`,
    ...(kind === 'bounced' ? { permanent: INVALID_NUMBER_CODES.includes(code) } : {}),
    ...(Number.isInteger(code) ? { reason: String(code) } : {}),
  };
  const messages: WebhookMessage[] = [{ kind: 'receipt', receipt }];
  const phone = readPhone(To);
  if (code === UNSUBSCRIBED_CODE && phone !== undefined)
    messages.push(buildConsent('withdrawn', { sid, phone, payload: { From: phone }, receivedAt }, source));
  return { kind: 'messages', messages };
}

const REPORTED: Readonly<Record<string, Receipt['kind']>> = {
  delivered: 'delivered',
  read: 'opened',
  undelivered: 'bounced',
  failed: 'bounced',
};

/** A message of a customer: their consent, or something that they say. */
function readMessage(
  params: Params,
  sid: string,
  { receivedAt }: WebhookRequest,
  source: SourceSettings,
): WebhookReading {
  const phone = readPhone(params.From);
  if (phone === undefined) return expectField('From', 'a number', params.From, sid);
  const text = params.Body ?? '';
  const keyword = readKeyword(params.OptOutType, text, source);
  if (keyword === 'stop' || keyword === 'start') {
    const status = keyword === 'stop' ? 'withdrawn' : 'granted';
    return {
      kind: 'messages',
      messages: [buildConsent(status, { sid, phone, payload: params, receivedAt }, source)],
    };
  }
  const { event, channel } = readSettings(source);
  const properties = {
    message_id: sid,
    channel,
    text,
    ...(event === 'Question Asked' ? { question_id: sid } : {}),
    ...(keyword === undefined ? {} : { keyword }),
    ...(Number(params.NumMedia) > 0 ? { attachments: Number(params.NumMedia) } : {}),
  };
  const call = {
    type: 'track',
    event,
    messageId: sid,
    timestamp: receivedAt,
    context: { traits: { phone } },
    properties,
  };
  return { kind: 'messages', messages: [{ kind: 'call', call, payload: params }] };
}

/** What a customer said about messages, and in which request. */
interface Said {
  sid: string;
  /** What `customer` of sources.yaml reads. */
  payload: Params;
  phone: string;
  receivedAt: number;
}

function buildConsent(
  status: 'granted' | 'withdrawn',
  { sid, phone, payload, receivedAt }: Said,
  source: SourceSettings,
): WebhookMessage {
  const call = {
    type: 'track',
    event: EVENT.consentChanged,
    messageId: `${sid}:consent`,
    timestamp: receivedAt,
    context: { traits: { phone } },
    properties: { purpose: 'all', channel: readSettings(source).channel, status, stated_by: 'customer' },
  };
  return { kind: 'call', call, payload };
}

/** Twilio's standard words, in English. With its Advanced Opt-Out it says itself what a word of any language means. */
const WORDS: Readonly<Record<'stop' | 'start' | 'help', readonly string[]>> = {
  stop: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'REVOKE'],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
};
type Keyword = keyof typeof WORDS;

function readKeyword(
  optOutType: string | undefined,
  text: string,
  source: SourceSettings,
): Keyword | undefined {
  const named = optOutType?.toLowerCase();
  if (named !== undefined && Object.hasOwn(WORDS, named)) return named as Keyword;
  const word = fold(text);
  const { words } = readSettings(source);
  return (Object.keys(WORDS) as Keyword[]).find(
    (keyword) => WORDS[keyword].includes(word) || words[keyword]?.some((own) => fold(own) === word),
  );
}

/** Upper case, without signs around it: `Stop!` is STOP. */
function fold(text: string): string {
  return text
    .slice(0, 100)
    .toUpperCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

/** The number of `+491701234567` and of `whatsapp:+491701234567`. */
function readPhone(address: string | undefined): string | undefined {
  const number = address?.replace(/^[a-z]+:/, '');
  return number !== undefined && /^\+?\d{3,15}$/.test(number) ? number : undefined;
}

interface TwilioSettings {
  channel: string;
  event: string;
  words: Partial<Record<Keyword, string[]>>;
}

function readSettings({ settings }: SourceSettings): TwilioSettings {
  const { channel = 'sms', event = 'Message Received', words = {} } = settings as Partial<TwilioSettings>;
  return { channel, event, words };
}

function checkSettings(settings: Readonly<Record<string, unknown>>) {
  const { channel, event, words, ...others } = settings;
  const problems = Object.keys(others).map((path) => ({
    path,
    message: 'is not a setting of Twilio: it has channel, event and words',
  }));
  if (channel !== undefined && (typeof channel !== 'string' || !/^[a-z][a-z0-9_]*$/.test(channel)))
    problems.push({ path: 'channel', message: 'must be the id of a channel' });
  if (event !== undefined && (typeof event !== 'string' || event.trim() === '' || event.length > 200))
    problems.push({ path: 'event', message: 'must be the name of an event' });
  if (words !== undefined && !areWords(words))
    problems.push({
      path: 'words',
      message: 'must be lists by meaning: {stop: [STOPP], start: [JA], help: [HILFE]}',
    });
  return problems;
}

function areWords(words: unknown): boolean {
  if (!isObject(words)) return false;
  return Object.entries(words).every(
    ([keyword, list]) =>
      Object.hasOwn(WORDS, keyword) && Array.isArray(list) && list.every((word) => typeof word === 'string'),
  );
}
