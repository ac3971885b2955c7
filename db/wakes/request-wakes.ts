import type { Tx } from '../client.ts';
import { forRows, runInLockOrder } from '../locks/lock-order.ts';

export interface WakeRequest {
  customerId: string;
  workspace: string;
  /** Newest sequence number of the log before this batch and after it. */
  before: number;
  after: number;
}

/** Requests that the journeys of these customers process their logs up to `after`. */
export async function requestWakes(tx: Tx, wakes: WakeRequest[]): Promise<void> {
  await tx`
    insert into wakes as w (customer_id, workspace, requested_seq)
    select "customerId", workspace, after
    from json_to_recordset(${JSON.stringify(wakes)}::text::json) as t("customerId" text, workspace text, after bigint)
    order by "customerId"
    on conflict (customer_id) do update set requested_seq = greatest(w.requested_seq, excluded.requested_seq)`;
}

/**
 * Marks events that wake no journey as processed if everything before them is processed, so that the next decision has
 * fewer events to read. If earlier events are unprocessed, a decision processes all of them together.
 */
export async function skipEvents(tx: Tx, wakes: WakeRequest[]): Promise<void> {
  const first = wakes.filter((wake) => wake.before === 0);
  await runInLockOrder({
    newWakes: forRows(
      first,
      () => tx`
        insert into wakes (customer_id, workspace, requested_seq)
        select "customerId", workspace, 0
        from json_to_recordset(${JSON.stringify(first)}::text::json) as t("customerId" text, workspace text)
        order by "customerId"
        on conflict do nothing`,
    ),
    skippedWakes: () => tx`
      update wakes w set requested_seq = greatest(w.requested_seq, t.after), processed_seq = t.after
      from json_to_recordset(${JSON.stringify(wakes)}::text::json) as t("customerId" text, before bigint, after bigint)
      where w.customer_id = t."customerId" and w.processed_seq >= t.before`,
  });
}
