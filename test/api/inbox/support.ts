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
