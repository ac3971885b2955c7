import type { MailboxMessage } from './message.ts';
import type { MailboxStore } from './store.ts';

/** What is answered to a webhook: JSON, as a provider of text messages does. */
export type WebhookReply = { status: number; body: Record<string, unknown> };

/**
 * Takes what a webhook channel posts to `/channels/{id}`, as a provider would: twice under one `Idempotency-Key` is
 * once. Only JSON is taken, which no page of the internet can make a browser send here unasked.
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
