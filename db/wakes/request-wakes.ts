import type { Tx } from '../client.ts';
import { forRows, runInLockOrder } from '../locks/lock-order.ts';

export interface WakeRequest {
  customerId: string;
  workspace: string;
  /** Newest sequence number of the log before this batch and after it. */
  before: number;
  after: number;
}

/**
 * Requests that the journeys of these customers process their logs up to `after`. A parked customer is asked, too: the
 * event may be a command.
 */
export async function requestWakes(tx: Tx, wakes: WakeRequest[]): Promise<void> {
  await tx`
    insert into wakes as w (customer_id, workspace, requested_seq)
    select "customerId", workspace, after
    from json_to_recordset(${JSON.stringify(wakes)}::text::json) as t("customerId" text, workspace text, after bigint)
    order by "customerId"
    on conflict (customer_id) do update set
      requested_seq = greatest(w.requested_seq, excluded.requested_seq), parked_until = null`;
}

/**
 * Records events that wake no journey. They count as processed if everything that wakes the journey is processed, so
 * that the next decision has fewer events to read. Otherwise the decision that processes the events before them passes
 * over them, too (`recordProcessed`): it writes the same row, so one of the two sees the other.
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
      update wakes w set quiet_seq = t.after,
        requested_seq = case when w.requested_seq <= w.processed_seq then t.after else w.requested_seq end,
        processed_seq = case when w.requested_seq <= w.processed_seq then t.after else w.processed_seq end
      from json_to_recordset(${JSON.stringify(wakes)}::text::json) as t("customerId" text, after bigint)
      where w.customer_id = t."customerId"`,
  });
}
