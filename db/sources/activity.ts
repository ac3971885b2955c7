import type { SourceOutcome } from '../../src/domain/source-outcome.ts';
import type { Tx } from '../client.ts';
import { storableReason } from '../storable.ts';

/** What a source's last request of one outcome was. */
export interface SourceActivity {
  outcome: SourceOutcome;
  /** By the clock of the database, in milliseconds. */
  at: number;
  reason: string | null;
}

/** Notes that a source was heard from. */
export async function saveSourceActivity(
  tx: Tx,
  heard: { workspace: string; source: string; outcome: SourceOutcome; reason: string | null },
): Promise<void> {
  const { workspace, source, outcome, reason } = heard;
  const kept = reason === null ? null : storableReason(reason);
  await tx`
    insert into source_activity (workspace, source, outcome, at, reason)
    values (${workspace}, ${source}, ${outcome}, clock_timestamp(), ${kept})
    on conflict (workspace, source, outcome) do update set at = excluded.at, reason = excluded.reason`;
}

/** What a source sent after a time, by outcome, the last of each. */
export async function readSourceActivity(
  tx: Tx,
  { workspace, source, since }: { workspace: string; source: string; since: number },
): Promise<SourceActivity[]> {
  return tx<SourceActivity[]>`
    select outcome, (extract(epoch from at) * 1000)::bigint as at, reason
    from source_activity
    where workspace = ${workspace} and source = ${source} and at >= to_timestamp(${since / 1_000}::float8)
    order by at`;
}

/** The time by the clock of the database, in milliseconds. */
export async function readDatabaseTime(tx: Tx): Promise<number> {
  const [row] = await tx<{ now: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  return row?.now ?? 0;
}
