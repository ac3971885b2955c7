import type { Channel, OutgoingMessage, SendResult } from './channel.ts';
import { type PostResult, postJson } from './post-json.ts';
import { signWebhook } from './webhook-signature.ts';

export interface WebhookTarget {
  url: string;
  /** Signs each request; see {@link signWebhook}. */
  secret: string;
}

/** Refused for good: this message will never be taken. */
const REFUSED = [400, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431, 451];
/** The provider says that it did nothing: who asks, what is paid for or when it came is at fault, and each can be mended. */
const NOT_NOW = [401, 402, 403, 407, 408, 421, 425, 429, 503];
const SECOND = 1_000;

/**
 * A channel behind an HTTP endpoint: one of a provider, of a gateway, or of your own. It gets
 * `{ deliveryId, workspace, channel, class, to, subject?, text, preferencesUrl? }`, signed as Standard Webhooks has it,
 * with the delivery's id as `Idempotency-Key`. A reply of 2xx means taken; `id` in its body is kept as the
 * provider's id.
 */
export function createWebhookChannel(id: string, target: WebhookTarget): Channel {
  return {
    id,
    concurrency: 20,
    async send(message) {
      const body = JSON.stringify(payloadOf(message));
      const signed = signWebhook(target.secret, message.deliveryId, Math.floor(Date.now() / SECOND), body);
      const headers = { ...signed, 'idempotency-key': message.deliveryId, 'user-agent': 'throughline' };
      return judge(await postJson(target.url, body, headers));
    },
    close: async () => {},
  };
}

function payloadOf(message: OutgoingMessage): Record<string, unknown> {
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

/** Only what is known is said: without a reply the provider may have taken it, and with a 500 it may have, too. */
function judge(posted: PostResult): SendResult {
  if (posted.kind === 'broken')
    return { state: posted.requestStarted ? 'unknown' : 'retry', error: posted.error };
  const { status } = posted;
  const said = readBody(posted.body);
  if (status >= 200 && status < 300) return { state: 'sent', providerId: said.id };
  const error = `the provider answered ${status}${said.reason ? `: ${said.reason}` : ''}`;
  if (status >= 300 && status < 400)
    return {
      state: 'failed',
      error: `${error}: redirects aren't followed, set the url that it leads to`,
      suppress: false,
    };
  if (REFUSED.includes(status))
    return { state: 'failed', error, suppress: status === 410 || said.code === 'invalid_address' };
  if (NOT_NOW.includes(status)) return { state: 'retry', error, ...waitOf(posted.headers['retry-after']) };
  return { state: 'unknown', error };
}

/** What a reply says, as far as it is JSON of ours. */
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

/** `Retry-After` in seconds, or as a date. */
function waitOf(header: string | undefined): { after?: number } {
  if (header === undefined) return {};
  const seconds = Number(header);
  const after = Number.isFinite(seconds) ? seconds * SECOND : Date.parse(header) - Date.now();
  return after > 0 ? { after } : {};
}
