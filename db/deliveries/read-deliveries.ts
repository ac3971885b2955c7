import type { Tx } from '../client.ts';

export interface DeliveryView {
  id: string;
  customerId: string;
  decisionId: string;
  enrollmentId: string;
  action: string;
  class: string;
  purpose: string;
  topic: string | null;
  channel: string;
  key: string | null;
  state: string;
  at: number;
  notAfter: number;
  attempts: number;
  locale: string | null;
  providerId: string | null;
  error: string | null;
  verdict: unknown;
  createdAt: number;
  /** For the cursor: exact to the microsecond. */
  created: string;
  updatedAt: number;
}

const COLUMNS = (tx: Tx) => tx`
  id, customer_id as "customerId", decision_id as "decisionId", enrollment_id as "enrollmentId", action, class, purpose, topic,
  channel, key, state, at, not_after as "notAfter", attempts, locale, provider_id as "providerId", error, verdict,
  (extract(epoch from created_at) * 1000)::bigint as "createdAt", created_at::text as created,
  (extract(epoch from updated_at) * 1000)::bigint as "updatedAt"`;

export async function viewDelivery(tx: Tx, workspace: string, id: string): Promise<DeliveryView | null> {
  const [row] = await tx<DeliveryView[]>`
    select ${COLUMNS(tx)} from deliveries where id = ${id} and workspace = ${workspace}`;
  return row ?? null;
}

/** Deliveries to these customers, newest first: to one, or to all ids that have become one. */
export async function viewDeliveries(
  tx: Tx,
  wanted: { customerIds: string[]; limit: number; before: { created: string; id: string } | null },
): Promise<DeliveryView[]> {
  const { customerIds, limit, before } = wanted;
  return tx<DeliveryView[]>`
    select ${COLUMNS(tx)} from deliveries
    where customer_id = any(${customerIds})
      ${before === null ? tx`` : tx`and (created_at, id) < (${before.created}::text::timestamptz, ${before.id})`}
    order by created_at desc, id desc limit ${limit}`;
}
