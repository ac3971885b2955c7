import { z } from 'zod';
import { DAY } from '../domain/time/time.ts';
import type { Channel, OutgoingMessage } from './channel.ts';
import { channelKind } from './channel-kind.ts';
import type { InboxWriter } from './inbox-writer.ts';

const MAX_TITLE_CHARS = 200;

/**
 * The inbox of the customer in the company's own app or pages. There is no provider: the item is a row, keyed by the
 * delivery, so that any number of attempts makes one item, and whether it is there is always known.
 */
export const inboxKind = channelKind({
  settings: z.object({
    keepDays: z.number().int().min(1).max(400).default(30),
  }),
  carries: 'text',
  receipts: ['delivered', 'opened', 'clicked'],
  create: (id, { keepDays }, { inbox }) => createInboxChannel(id, keepDays * DAY, inbox),
});

function createInboxChannel(id: string, keepMs: number, inbox: InboxWriter): Channel {
  return {
    id,
    concurrency: 20,
    // An item is there once, for as long as its delivery.
    idempotency: { window: DAY, provider: 'inbox' },
    async send(message) {
      const { deliveryId, workspace } = message;
      try {
        const added = await inbox.add({ deliveryId, workspace, keepMs, ...readItem(message) });
        if (added) return { state: 'sent', providerId: deliveryId };
        return { state: 'failed', error: 'the customer was erased', suppress: false };
      } catch (error) {
        return { state: 'retry', error: error instanceof Error ? error.message : String(error) };
      }
    },
    close: async () => {},
  };
}

/**
 * Reads an item from a text: the first line is the title, and a last line that is nothing but a URL is where the item
 * leads.
 */
export function readItem({ subject, text }: Pick<OutgoingMessage, 'subject' | 'text'>): {
  title: string;
  body: string;
  url: string | null;
} {
  const lines = text.trim().split(/\r?\n/);
  const last = lines.length > 1 ? (lines.at(-1) as string).trim() : '';
  const url =
    /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(last) && !/^(javascript|data|vbscript):/i.test(last) ? last : null;
  if (url !== null) lines.pop();
  const title = subject ?? (lines.shift() as string);
  return { title: title.trim().slice(0, MAX_TITLE_CHARS), body: lines.join('\n').trim(), url };
}
