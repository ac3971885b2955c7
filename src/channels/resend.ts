import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DAY, SECOND } from '../domain/time/time.ts';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { type ChannelDeps, channelKind } from './channel-kind.ts';
import { createProvider, type Reply, readObject, readRetryAfter, readShort } from './provider.ts';
import { webUrl } from './url-settings.ts';

const settings = z.object({
  apiKey: z.string().min(1, 'must be an API key of Resend'),
  url: webUrl.default('https://api.resend.com'),
});

type ResendSettings = z.output<typeof settings>;

/** `{"kind": "resend", "apiKey": "re_…"}`: mails over Resend's API, or one of the same form. */
export const resendKind = channelKind({
  settings,
  carries: 'mail',
  receipts: ['delivered', 'opened', 'clicked', 'bounced', 'complained'],
  setup: {
    entry: { apiKey: '<API key>' },
    steps: [
      'In Resend, open Domains, and add and verify the domain of your sender.',
      'Open API Keys, create a key with sending access, and copy it (re_…).',
      'For receipts, connect the source: throughline connect resend.',
    ],
  },
  create: createResendChannel,
});

/** For how long Resend remembers an idempotency key. */
const WINDOW = DAY;

/**
 * Creates a channel that sends mails over Resend's API. The delivery's id is the idempotency key: a repeat with the same
 * content inside the window gets the first answer, and no second mail is sent.
 */
export function createResendChannel(
  id: string,
  { apiKey, url: base }: ResendSettings,
  { outbound }: ChannelDeps,
): Channel {
  const url = `${base.replace(/\/+$/, '')}/emails`;
  const provider = createProvider(outbound, url);
  // Keys are remembered per account. Another API key may be of another one.
  const account = createHash('sha256').update(apiKey).digest('hex').slice(0, 16);
  return {
    id,
    concurrency: 20,
    reachability: provider.reachability,
    idempotency: { window: WINDOW, provider: `${url} ${account}` },
    send(message) {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': message.deliveryId,
        'user-agent': 'throughline',
      };
      const body = JSON.stringify(buildMail(message));
      return provider.call({ method: 'POST', url, headers, body }, classifyReply);
    },
    close: async () => {},
  };
}

function buildMail({ deliveryId, workspace, from, to, subject, html, text, headers }: OutgoingMessage) {
  return {
    from: formatSender(from),
    to: [to],
    subject: subject ?? '',
    ...(html === null ? {} : { html }),
    text,
    headers,
    tags: [
      { name: 'delivery_id', value: toTag(deliveryId) },
      { name: 'workspace', value: toTag(workspace) },
    ],
  };
}

/** `"Name" <address>`: in quotes, a name can't become an address. */
function formatSender({ name, email }: OutgoingMessage['from']): string {
  const quoted = name.replace(/[\r\n\t]+/g, ' ').replace(/["\\]/g, '\\$&');
  return quoted.trim() === '' ? email : `"${quoted}" <${email}>`;
}

/** Tags are letters, digits, underscores and hyphens. */
function toTag(text: string): string {
  return text.replace(/[^\w-]/g, '_').slice(0, 256);
}

/** The request, sent again as it is, would be refused again. */
const REFUSED = [400, 413, 414, 415, 422, 431, 451];
/** The account or the setting must change: the key, the domain, the plan, the URL. */
const NOT_SET_UP = [401, 402, 403, 404, 405, 407];
const LATER = [408, 421, 425, 429];

/**
 * Classifies a reply. After a 5xx, and where the reply cannot be understood, Resend may have taken the mail; the channel's
 * idempotency then lets the same request follow.
 */
function classifyReply(reply: Reply): SendResult {
  const fields = readObject(reply);
  const inner = toRecord(fields.error);
  const isError = inner !== null || 'statusCode' in fields;
  if (reply.status >= 200 && reply.status < 300 && !isError) {
    const providerId = readShort(fields.id);
    if (providerId !== '') return { state: 'sent', providerId };
    return { state: 'unknown', error: `the provider answered ${reply.status} without the id of a mail` };
  }
  const { statusCode, name, message } = inner ?? fields;
  const status = reply.status < 300 ? Number(statusCode) || 0 : reply.status;
  const code = readShort(name);
  const text = readShort(message);
  const error = ['the provider answered', reply.status, code, text].filter((word) => word !== '').join(' ');
  if (status >= 300 && status < 400)
    return { state: 'failed', error: `${error}: redirects are not followed`, suppress: false };
  if (status === 409) return { state: 'unknown', error, final: code === 'invalid_idempotent_request' };
  if (NOT_SET_UP.includes(status) || (REFUSED.includes(status) && /\bapi[ _]key\b/i.test(text)))
    return { state: 'retry', error, ...readPause(reply) };
  if (REFUSED.includes(status)) return { state: 'failed', error, suppress: isAboutRecipient(text) };
  if (LATER.includes(status)) return { state: 'retry', error, ...readPause(reply) };
  return { state: 'unknown', error };
}

/** Whether a refusal is about the address of the customer, and about nothing else of the mail. */
function isAboutRecipient(message: string): boolean {
  return /\binvalid\b[^.]*[`'"]to[`'"] (field|address)/i.test(message);
}

/** The pause that the reply asks for: `Retry-After`, or the seconds until the rate limit begins anew. */
function readPause(reply: Reply): { after?: number } {
  const pause = readRetryAfter(reply);
  if (pause.after !== undefined) return pause;
  const seconds = Number(reply.headers['ratelimit-reset']);
  return seconds > 0 ? { after: seconds * SECOND } : {};
}

function toRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}
