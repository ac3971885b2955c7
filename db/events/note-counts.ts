import type { Tx } from '../client.ts';
import { insertRows, type NewRow, type Row } from '../columns.ts';
import { noteCounts } from '../schema.ts';

const COLUMNS = ['workspace', 'code', 'field', 'source', 'count', 'event', 'example', 'customerId'] as const;

export type NoteCountRow = NewRow<typeof noteCounts, (typeof COLUMNS)[number]>;

/**
 * A count has a row for each slot, and a connection always counts in the same one. So batches that are committed at the
 * same time seldom wait for each other, however often a sender errs.
 */
const SLOTS = 8;

/** Adds to the counts of notes. The rows are sorted by key, and no two of them have the same. */
export async function addNoteCounts(tx: Tx, rows: NoteCountRow[]): Promise<void> {
  const slot = tx`pg_backend_pid() % ${SLOTS}::int`;
  await tx`
    ${insertRows(tx, noteCounts, COLUMNS, rows, { computed: { slot } })}
    on conflict (workspace, code, field, source, slot) do update set count = note_counts.count + excluded.count,
      event = excluded.event, example = excluded.example, customer_id = excluded.customer_id,
      last_at = clock_timestamp()`;
}

export interface NoteCountView
  extends Pick<Row<typeof noteCounts>, 'code' | 'field' | 'source' | 'count' | 'event' | 'example'> {
  id: string;
  firstAt: number;
  lastAt: number;
  /** `lastAt` for the cursor: exact to the microsecond. */
  wall: string;
}

/** The counted notes of a workspace, those seen last first. */
export async function viewNoteCounts(
  tx: Tx,
  query: { workspace: string; limit: number; before: { wall: string; id: string } | null },
): Promise<NoteCountView[]> {
  const { workspace, limit, before } = query;
  return tx<NoteCountView[]>`
    select id, code, field, source, count, event, example, last_at::text as wall,
      (extract(epoch from first_at) * 1000)::bigint as "firstAt",
      (extract(epoch from last_at) * 1000)::bigint as "lastAt"
    from (
      select md5(concat_ws(chr(1), code, field, source)) as id, code, field, source, sum(count)::bigint as count,
        (array_agg(event order by last_at desc))[1] as event,
        (array_agg(example order by last_at desc))[1] as example, min(first_at) as first_at, max(last_at) as last_at
      from note_counts where workspace = ${workspace} group by code, field, source
    ) counted
    where ${before === null ? tx`true` : tx`(last_at, id) < (${before.wall}::text::timestamptz, ${before.id})`}
    order by counted.last_at desc, id desc limit ${limit}`;
}

/** Forgets the examples that came from these customers, and names of events that nobody else has sent. */
export async function eraseNoteExamples(tx: Tx, customerIds: string[]): Promise<void> {
  await tx`
    update note_counts n set example = null, customer_id = null,
      event = case when exists (select 1 from event_names e where e.workspace = n.workspace and e.name = n.event
        and e.customer_id is null) then n.event else '' end
    where n.customer_id = any(${customerIds})`;
}
