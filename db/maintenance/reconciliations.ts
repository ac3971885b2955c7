import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import type { RECONCILIATIONS } from '../schema/values.ts';
import { reconciliations } from '../schema.ts';

export type Reconciliation = (typeof RECONCILIATIONS)[number];

/** What one page has compared and repaired. */
export interface ReconciledPage {
  /** Where the next page begins; null: the pass is complete. */
  cursor: string | null;
  /** Where the next pass begins; by default at the beginning. */
  nextPass?: string;
  compared: number;
  /** Repairs by cause. */
  repaired: Record<string, number>;
  /** Pause before the next page, for all relays together. */
  pauseSeconds: number;
}

/** Leases the next page. Null while another relay has it, or until the pause is over. */
export async function leaseReconciliation(
  tx: Tx,
  kind: Reconciliation,
  seconds: number,
): Promise<string | null> {
  const [row] = await tx<{ cursor: string }[]>`
    insert into reconciliations as r (kind, lease_until)
    values (${kind}, clock_timestamp() + ${seconds} * interval '1 second')
    on conflict (kind) do update set lease_until = excluded.lease_until
    where r.lease_until is null or r.lease_until < statement_timestamp()
    returning cursor`;
  return row?.cursor ?? null;
}

export async function saveReconciledPage(tx: Tx, kind: Reconciliation, page: ReconciledPage): Promise<void> {
  const { cursor, nextPass = '', compared, repaired, pauseSeconds } = page;
  const isComplete = cursor === null;
  await tx`
    update reconciliations set cursor = ${cursor ?? nextPass}, compared = compared + ${compared},
      passes = passes + ${isComplete ? 1 : 0},
      pass_ended_at = case when ${isComplete} then clock_timestamp() else pass_ended_at end,
      lease_until = clock_timestamp() + ${pauseSeconds} * interval '1 second'
    where kind = ${kind}`;
  for (const [cause, count] of Object.entries(repaired)) await countRepairs(tx, kind, cause, count);
}

/** Adds to the number of repairs. */
export async function countRepairs(
  tx: Tx,
  kind: Reconciliation,
  cause: string,
  count: number,
): Promise<void> {
  if (count === 0) return;
  await tx`
    insert into reconciliations as r (kind, repaired, repaired_at)
    values (${kind}, jsonb_build_object(${cause}::text, ${count}::bigint), clock_timestamp())
    on conflict (kind) do update set repaired_at = excluded.repaired_at,
      repaired = r.repaired || jsonb_build_object(${cause}::text,
        coalesce((r.repaired ->> ${cause})::bigint, 0) + ${count}::bigint)`;
}

/** When a relay last worked on a comparison: milliseconds; null: none ever did. */
export async function readRelaySeen(tx: Tx): Promise<number | null> {
  const [row] = await tx<{ at: number | null }[]>`
    select (extract(epoch from least(max(lease_until), clock_timestamp())) * 1000)::bigint as at from reconciliations`;
  return row?.at ?? null;
}

const COLUMNS = ['kind', 'passes', 'passEndedAt', 'compared', 'repaired', 'repairedAt'] as const;

/** How far the comparisons have come, and what they have repaired. */
export async function readReconciliations(
  tx: Tx,
): Promise<Row<typeof reconciliations, (typeof COLUMNS)[number]>[]> {
  return tx<Row<typeof reconciliations, (typeof COLUMNS)[number]>[]>`
    select ${selectColumns(tx, reconciliations, COLUMNS)} from reconciliations order by kind`;
}
