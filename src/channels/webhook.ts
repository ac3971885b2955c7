import { z } from 'zod';
import { RECEIPT_KINDS } from '../domain/receipt.ts';
import { type Millis, parseDuration, SECOND } from '../domain/time/time.ts';
import { currentTraceparent } from '../tracing/spans.ts';
import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { type ChannelDeps, channelKind } from './channel-kind.ts';
import { createProvider, type Reply, readObject, readRetryAfter, readShort } from './provider.ts';
import { webUrl } from './url-settings.ts';
import { signWebhook } from './webhook-signature.ts';

const settings = z.object({
  url: webUrl,
  /** Signs each request; see {@link signWebhook}. */
  secret: z.string().min(16, 'must have at least 16 characters'),
  /** For how long the endpoint sends nothing for a second request with the same key; without it, it promises nothing. */
  idempotencyWindow: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) > 0, 'must be a duration such as 30m or 24h')
    .transform((text) => parseDuration(text) as Millis)
    .optional(),
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

/**
 * Creates a channel that posts messages to an HTTP endpoint.
 *
 * The endpoint receives `{ deliveryId, workspace, channel, class, to, subject?, text, preferencesUrl? }`, signed according
 * to Standard Webhooks, with the delivery's id as `Idempotency-Key`. A reply of 2xx means accepted; `id` in its body is
 * stored as the provider's id. docs/operations.md lists the meaning of the other replies.
 */
export function createWebhookChannel(id: string, target: WebhookTarget, { outbound }: ChannelDeps): Channel {
  const provider = createProvider(outbound, target.url);
  const { idempotencyWindow } = target;
  return {
    id,
    concurrency: 20,
    reachability: provider.reachability,
    ...(idempotencyWindow === undefined
      ? {}
      : { idempotency: { window: idempotencyWindow, provider: target.url } }),
    send(message) {
      const body = JSON.stringify(buildPayload(message));
      const signed = signWebhook(target.secret, message.deliveryId, Math.floor(Date.now() / SECOND), body);
      const traceparent = currentTraceparent();
      const headers = {
        ...signed,
        'content-type': 'application/json',
        'idempotency-key': message.deliveryId,
        'user-agent': 'throughline',
        ...(traceparent === undefined ? {} : { traceparent }),
      };
      return provider.call({ method: 'POST', url: target.url, headers, body }, classifyReply);
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

/** Classifies a reply. After a 500, the provider may have accepted the message. */
function classifyReply(reply: Reply): SendResult {
  const { status } = reply;
  const { id, code, reason } = readBody(reply);
  if (status >= 200 && status < 300) return { state: 'sent', providerId: id };
  const error = `the provider answered ${status}${reason ? `: ${reason}` : ''}`;
  if (status >= 300 && status < 400)
    return {
      state: 'failed',
      error: `${error}: redirects are not followed, set the URL to which it leads`,
      suppress: false,
    };
  if (REFUSED.includes(status))
    return { state: 'failed', error, suppress: status === 410 || code === 'invalid_address' };
  if (NOT_NOW.includes(status)) return { state: 'retry', error, ...readRetryAfter(reply) };
  return { state: 'unknown', error };
}

/** Reads id, code and reason from a reply, as far as it is JSON. */
function readBody(reply: Reply): { id: string; code: string; reason: string } {
  const { id, code, error, message } = readObject(reply);
  return {
    id: readShort(id),
    code: readShort(code),
    reason: readShort(message) || readShort(error) || readShort(code),
  };
}
