import type { MailboxMessage } from './message.ts';
import type { MailboxStore } from './store.ts';

/** The JSON answer to a webhook, as from a provider of text messages. */
export type WebhookReply = { status: number; body: Record<string, unknown> };

/**
 * Accepts a post of a webhook channel to `/channels/{id}`, as a provider would: two posts with one `Idempotency-Key` are
 * one message. Only JSON is accepted, because a web page cannot make a browser send JSON here without a preflight.
 */
export function receiveWebhook(
  store: MailboxStore,
  channel: string,
  headers: Record<string, string>,
  body: string,
): WebhookReply {
  if (!headers['content-type']?.startsWith('application/json'))
    return { status: 415, body: { message: 'send application/json' } };
  const message = readMessage(body);
  if (!message) return { status: 400, body: { message: 'to and text must be strings' } };
  const id = `${channel}-${headers['idempotency-key'] ?? crypto.randomUUID()}`;
  if (!store.find(id)) store.add({ ...message, id, channel, headers });
  return { status: 202, body: { id } };
}

function readMessage(body: string): Omit<MailboxMessage, 'id' | 'headers'> | undefined {
  try {
    const { workspace, to, subject, text } = JSON.parse(body) as Record<string, unknown>;
    if (typeof to !== 'string' || typeof text !== 'string') return undefined;
    return {
      from: typeof workspace === 'string' ? workspace : '',
      to: [to],
      subject: typeof subject === 'string' ? subject : '',
      text,
      html: '',
      at: new Date().toISOString(),
    };
  } catch {
    return undefined;
  }
}
