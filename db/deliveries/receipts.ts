import type { Receipt, ReceiptTimes } from '../../src/domain/receipt.ts';
import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { deliveries } from '../schema.ts';

const COLUMNS = [
  'id',
  'customerId',
  'enrollmentId',
  'action',
  'class',
  'purpose',
  'topic',
  'channel',
  'state',
  'fence',
  'claimedAt',
  'addressKey',
  'receipts',
] as const;

/** A delivery, as far as its receipts need it. */
export type ReportedDelivery = Row<typeof deliveries, (typeof COLUMNS)[number]>;

export interface FoundDelivery {
  id: string;
  customerId: string;
}

/**
 * Finds the delivery of each receipt among those of a workspace; null where there is none. What a provider calls several
 * messages names none of them. Only messages that were handed to a provider have receipts.
 */
export async function findReportedDeliveries(
  tx: Tx,
  workspace: string,
  receipts: readonly Pick<Receipt, 'deliveryId' | 'providerId' | 'channel'>[],
): Promise<(FoundDelivery | null)[]> {
  const named = receipts.map(({ deliveryId, providerId, channel }, n) => ({
    n,
    deliveryId,
    providerId,
    channel,
  }));
  const rows = await tx<(FoundDelivery & { n: number })[]>`
    select r.n, found.id, found.customer_id as "customerId"
    from json_to_recordset(${JSON.stringify(named)}::text::json)
      as r(n int, "deliveryId" text, "providerId" text, channel text)
    cross join lateral (
      select min(d.id) as id, min(d.customer_id) as customer_id from (
        select id, customer_id from deliveries
        where r."deliveryId" is not null and id = r."deliveryId" and workspace = ${workspace} and fence > 0
          and (r.channel is null or channel = r.channel)
        union all
        select id, customer_id from deliveries
        where r."deliveryId" is null and r."providerId" <> '' and provider_id = r."providerId"
          and workspace = ${workspace} and (r.channel is null or channel = r.channel)
        limit 2) d
      having count(*) = 1) found`;
  const found = new Map(rows.map(({ n, ...delivery }) => [n, delivery]));
  return receipts.map((_, n) => found.get(n) ?? null);
}

/** Locks deliveries, by id. */
export async function lockReportedDeliveries(tx: Tx, ids: readonly string[]): Promise<ReportedDelivery[]> {
  return tx<ReportedDelivery[]>`
    select ${selectColumns(tx, deliveries, COLUMNS)} from deliveries where id = any(${[...ids]}::text[])
    order by id for update`;
}

export interface SavedReceipts {
  receipts: ReceiptTimes;
  /** The provider's id, in case its receipt comes before its answer. */
  providerId: string | null;
  /** Whether they show that it was sent, which its state does not say yet. */
  isSent: boolean;
  /** When it was sent at the latest, for a delivery that was to be sent later. Journey time. */
  sentBefore: number;
}

/** Writes what was reported about a locked delivery. */
export async function saveReceipts(
  tx: Tx,
  id: string,
  { receipts, providerId, isSent, sentBefore }: SavedReceipts,
): Promise<void> {
  const sent = isSent
    ? tx`, state = 'sent', error = null, verdict = null, lease_until = null, pending_message = null, repeat_until = null,
        at = case when state in ('planned', 'held', 'cancelled') then least(at, ${sentBefore}::bigint) else at end`
    : tx``;
  await tx`
    update deliveries set receipts = ${JSON.stringify(receipts)}::text::jsonb,
      provider_id = coalesce(nullif(provider_id, ''), ${providerId}), updated_at = clock_timestamp() ${sent}
    where id = ${id}`;
}
