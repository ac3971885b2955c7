import { z } from 'zod';
import { RECEIPT_KINDS } from '../domain/receipt.ts';
import { readHttpDate } from '../domain/time/read-time.ts';
import { currentTraceparent } from '../tracing/spans.ts';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { channelKind } from './channel-kind.ts';
import { canConnect, type PostResult, postJson } from './post-json.ts';
import { Reachability } from './reachability.ts';
import { webUrl } from './url-settings.ts';
import { signWebhook } from './webhook-signature.ts';

const settings = z.object({
  url: webUrl,
  /** Signs each request; see {@link signWebhook}. */
  secret: z.string().min(16, 'must have at least 16 characters'),
});

type WebhookTarget = z.output<typeof settings>;

/** `{"url": "https://…", "secret": "…"}`: a connector of the operator's own. */
export const webhookKind = channelKind({
  settings,
  carries: 'text',
  receipts: RECEIPT_KINDS,
  create: createWebhookChannel,
});

/** The provider will never accept this message. */
const REFUSED = [400, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431, 451];
/** The provider did nothing, for a reason that can be fixed: credentials, payment or timing. */
const NOT_NOW = [401, 402, 403, 407, 408, 421, 425, 429, 503];
const SECOND = 1_000;

/**
 * Creates a channel that posts messages to an HTTP endpoint.
 *
 * The endpoint receives `{ deliveryId, workspace, channel, class, to, subject?, text, preferencesUrl? }`, signed according
 * to Standard Webhooks, with the delivery's id as `Idempotency-Key`. A reply of 2xx means accepted; `id` in its body is
 * stored as the provider's id. docs/operations.md lists the meaning of the other replies.
 */
export function createWebhookChannel(id: string, target: WebhookTarget): Channel {
  const reachability = new Reachability(() => canConnect(target.url));
  return {
    id,
    concurrency: 20,
    reachability,
    async send(message) {
      const body = JSON.stringify(buildPayload(message));
      const signed = signWebhook(target.secret, message.deliveryId, Math.floor(Date.now() / SECOND), body);
      const traceparent = currentTraceparent();
      const headers = {
        ...signed,
        'idempotency-key': message.deliveryId,
        'user-agent': 'throughline',
        ...(traceparent === undefined ? {} : { traceparent }),
      };
      const posted = await postJson(target.url, body, headers);
      reachability.note(posted.kind === 'reply' || posted.requestStarted);
      return classifyReply(posted);
    },
    close: async () => {},
  };
}

function buildPayload(message: OutgoingMessage): Record<string, unknown> {
  const { deliveryId, workspace, channel, to, subject, text, preferencesUrl } = message;
  return {
    deliveryId,
    workspace,
    channel,
    class: message.class,
    to,
    ...(subject === null ? {} : { subject }),
    text,
    ...(preferencesUrl === null ? {} : { preferencesUrl }),
  };
}

/** Classifies a reply. Without a reply, and after a 500, the provider may have accepted the message. */
function classifyReply(posted: PostResult): SendResult {
  if (posted.kind === 'broken')
    return posted.requestStarted
      ? { state: 'unknown', error: posted.error }
      : { state: 'retry', error: posted.error, unreachable: true };
  const { status } = posted;
  const reply = readBody(posted.body);
  if (status >= 200 && status < 300) return { state: 'sent', providerId: reply.id };
  const error = `the provider answered ${status}${reply.reason ? `: ${reply.reason}` : ''}`;
  if (status >= 300 && status < 400)
    return {
      state: 'failed',
      error: `${error}: redirects are not followed, set the URL to which it leads`,
      suppress: false,
    };
  if (REFUSED.includes(status))
    return { state: 'failed', error, suppress: status === 410 || reply.code === 'invalid_address' };
  if (NOT_NOW.includes(status))
    return { state: 'retry', error, ...parseRetryAfter(posted.headers['retry-after']) };
  return { state: 'unknown', error };
}

/** Reads id, code and reason from a reply, as far as it is JSON. */
function readBody(body: string): { id: string; code: string; reason: string } {
  const text = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '';
  try {
    const { id, code, error, message } = JSON.parse(body) as Record<string, unknown>;
    return { id: text(id), code: text(code), reason: text(message) || text(error) || text(code) };
  } catch {
    return { id: '', code: '', reason: '' };
  }
}

/** Parses `Retry-After`, in seconds or as a date. */
function parseRetryAfter(header: string | undefined): { after?: number } {
  if (header === undefined) return {};
  const seconds = Number(header);
  const after = Number.isFinite(seconds) ? seconds * SECOND : (readHttpDate(header) ?? 0) - Date.now();
  return after > 0 ? { after } : {};
}
