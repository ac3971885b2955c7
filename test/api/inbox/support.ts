import { randomUUID } from 'node:crypto';
import { addInboxItem } from '../../../db/inbox/add-item.ts';
import type { TestApi } from '../support/harness.ts';
import { WORKSPACE } from '../support/harness.ts';

/** A customer who has agreed to marketing in the inbox. */
export async function createCustomer(api: TestApi, userId: string): Promise<string> {
  await api.batch({
    type: 'identify',
    userId,
    context: { consent: { categoryPreferences: { marketing: true } } },
  });
  return api.customerOf(userId);
}

/** A message that a worker has claimed and sent to the inbox. Returns the id of its delivery. */
export async function sendToInbox(
  api: TestApi,
  customerId: string,
  title: string,
  {
    action = 'tip-milk',
    actionClass = 'marketing',
    keepMs = 86_400_000,
  }: { action?: string; actionClass?: string; keepMs?: number } = {},
): Promise<string> {
  const id = `dlv_${customerId.slice(4)}_1_${randomUUID().slice(0, 8)}_0`;
  await api.db.sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, topic, channel,
      bundle_version, state, at, not_after, entry, fence)
    values (${id}, ${customerId}, ${WORKSPACE}, 'dec_1', 'enr_1', ${action}, ${actionClass}, 'tips', 'inbox', 1, 'sent',
      ${Date.now()}, ${Date.now()}, '{"name": "x", "at": 1, "seq": 1, "properties": {}}', 1)`;
  const item = {
    deliveryId: id,
    workspace: WORKSPACE,
    title,
    body: 'text',
    url: 'https://aroma.example/a',
    keepMs,
  };
  await addInboxItem(api.db.sql, item);
  return id;
}

export interface ReceivedEvent {
  event: string;
  id?: string;
  data: Record<string, unknown>;
}

/** Reads server-sent events as a browser does. */
export async function openStream(
  url: string,
  headers: Record<string, string> = {},
): Promise<{
  status: number;
  events: ReceivedEvent[];
  beats(): number;
  /** Resolves once that many events have come. */
  waitFor(count: number): Promise<ReceivedEvent[]>;
  ended: Promise<void>;
  close(): void;
}> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: ReceivedEvent[] = [];
  let beats = 0;
  let text = '';
  const ended = (async () => {
    try {
      for await (const piece of response.body ?? []) {
        text += Buffer.from(piece).toString();
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          const read = (name: string) =>
            lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          const event = read('event');
          if (lines[0] === ':') beats++;
          if (event !== undefined) {
            const id = read('id');
            events.push({
              event,
              ...(id === undefined ? {} : { id }),
              data: JSON.parse(read('data') ?? 'null'),
            });
          }
        }
      }
    } catch {
      // Cut off.
    }
  })();
  return {
    status: response.status,
    events,
    beats: () => beats,
    async waitFor(count) {
      for (let tries = 0; events.length < count && tries < 250; tries++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return events;
    },
    ended,
    close: () => abort.abort(),
  };
}
