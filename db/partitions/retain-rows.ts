import type { Tx } from '../client.ts';
import { addMonths, type Month, partitionName } from './months.ts';
import { NEEDED } from './needed-rows.ts';
import { PARTITIONED, type PartitionedTable } from './tables.ts';

/** How far the next drop of a table is prepared. */
export interface RetentionRow {
  /** Milliseconds; null: nothing was dropped yet. */
  keptSince: number | null;
  partition: string | null;
  /** The last key that was looked at; null: none. */
  cursor: string[] | null;
  seen: number;
  moved: number;
  /** Whether all kept rows were looked at within a day. */
  isChecked: boolean;
}

/** One page of rows. */
export interface RetainedPage {
  /** The last key; null: there was no row. */
  last: string[] | null;
  seen: number;
  /** Rows that are needed, and were moved to the kept ones. */
  moved: number;
}

/** The keys by which pages follow each other, with their types. */
const KEYS: Record<PartitionedTable, readonly (readonly [column: string, type: string])[]> = {
  events: [
    ['customer_id', 'text'],
    ['seq', 'bigint'],
  ],
  decisions: [['id', 'text']],
  sent_messages: [['delivery_id', 'text']],
};

/** Rows of one transaction. */
const PAGE = 2_000;

/** Locks the progress of a table's retention, so that one process at a time works on it. Null: another one does. */
export async function lockRetention(tx: Tx, table: PartitionedTable): Promise<RetentionRow | null> {
  await tx`insert into retention (name) values (${table}) on conflict do nothing`;
  const [row] = await tx<RetentionRow[]>`
    select (extract(epoch from kept_since) * 1000)::bigint as "keptSince", partition, cursor, seen, moved,
      coalesce(checked_at > statement_timestamp() - interval '1 day', false) as "isChecked"
    from retention where name = ${table} for update skip locked`;
  return row ?? null;
}

/** Moves the needed rows of the next page of a month's partition to the kept ones. */
export async function keepNeededRows(
  tx: Tx,
  table: PartitionedTable,
  month: Month,
  { cursor, seen, moved }: Pick<RetentionRow, 'cursor' | 'seen' | 'moved'>,
): Promise<RetainedPage> {
  const name = partitionName(table, month);
  const { time } = timeOf(table);
  const isInMonth = `${time} >= '${month}-01T00:00:00Z' and ${time} < '${addMonths(month, 1)}-01T00:00:00Z'`;
  const page = await readPage(tx, {
    table,
    from: name,
    cursor,
    effects: `moved as (${moveNeeded(table, isInMonth)})`,
  });
  await tx`
    update retention set partition = ${name}, seen = ${seen + page.seen}, moved = ${moved + page.moved},
      cursor = ${page.last ?? cursor}
    where name = ${table}`;
  return page;
}

/** How long readers and writers of a table wait for a drop at most; then it gives up. */
const LOCK_MS = 100;

/**
 * Detaches and drops the partition of a month.
 *
 * @throws 55P03 if the table is in use for longer than others should wait
 */
export async function dropMonth(tx: Tx, table: PartitionedTable, month: Month): Promise<void> {
  const name = partitionName(table, month);
  await tx.unsafe(`set local lock_timeout = ${LOCK_MS}`);
  await tx.unsafe(`alter table ${table} detach partition ${name}`);
  await tx.unsafe(`drop table ${name}`);
  await recordDropped(tx, table, `${addMonths(month, 1)}-01T00:00:00Z`);
  await tx`update retention set partition = null, cursor = null, seen = 0, moved = 0 where name = ${table}`;
}

async function recordDropped(tx: Tx, table: PartitionedTable, before: string): Promise<void> {
  await tx`
    update retention set kept_since = greatest(kept_since, ${before}::text::timestamptz) where name = ${table}`;
}

/** Moves or deletes rows of before `month` that never had a partition. Returns how many were deleted; null: no row was left. */
export async function dropWithoutPartition(
  tx: Tx,
  table: PartitionedTable,
  month: Month,
): Promise<number | null> {
  const { time } = timeOf(table);
  const isOld = `${time} < '${month}-01T00:00:00Z'`;
  const { seen, moved } = await readPage(tx, {
    table,
    from: `${table}_default`,
    cursor: null,
    where: isOld,
    effects: `moved as (${moveNeeded(table, isOld)}),
      gone as (delete from ${table}_default d using page p
        where ${matches(table, 'd', 'p')} and not exists (select from needed n where ${matches(table, 'n', 'p')}))`,
  });
  if (seen > moved) await recordDropped(tx, table, `${month}-01T00:00:00Z`);
  return seen === 0 ? null : seen - moved;
}

/** Deletes those of the next kept rows that nothing needs any more. Returns how many. */
export async function dropNeedless(
  tx: Tx,
  table: PartitionedTable,
  { cursor }: Pick<RetentionRow, 'cursor'>,
): Promise<number> {
  const name = `${table}_kept`;
  const page = await readPage(tx, {
    table,
    from: name,
    cursor,
    effects: `moved as (select from needed), gone as (delete from ${name} d using page p
      where ${matches(table, 'd', 'p')} and not exists (select from needed n where ${matches(table, 'n', 'p')}))`,
  });
  const isLast = page.seen < PAGE;
  await tx`
    update retention set partition = ${isLast ? null : name}, cursor = ${isLast ? null : page.last},
      checked_at = case when ${isLast} then clock_timestamp() else checked_at end
    where name = ${table}`;
  return page.seen - page.moved;
}

/** Rows of a partition, and those of them that something needs. Reads all of it. */
export async function countNeeded(
  tx: Tx,
  table: PartitionedTable,
  month: Month,
): Promise<{ rows: number; needed: number; bytes: number }> {
  const name = partitionName(table, month);
  const [row] = await tx.unsafe<{ rows: number; needed: number; bytes: number }[]>(`
    select count(*) as rows, count(*) filter (where ${NEEDED[table]}) as needed,
      pg_total_relation_size('${name}') as bytes
    from ${name} p`);
  return row as { rows: number; needed: number; bytes: number };
}

interface PageQuery {
  table: PartitionedTable;
  from: string;
  cursor: string[] | null;
  where?: string;
  /** Statements about `page` and the keys of its `needed` rows. */
  effects: string;
}

async function readPage(
  tx: Tx,
  { table, from, cursor, where = 'true', effects }: PageQuery,
): Promise<RetainedPage> {
  const keys = KEYS[table];
  const columns = keys.map(([column]) => column).join(', ');
  const { time } = timeOf(table);
  const after =
    cursor === null
      ? 'true'
      : `(${columns}) > (${keys.map(([, type], n) => `$${n + 1}::text::${type}`).join(', ')})`;
  const [page] = await tx.unsafe<RetainedPage[]>(
    `with page as materialized (
      select * from ${from} where ${where} and ${after} order by ${columns} limit ${PAGE}
    ), needed as materialized (
      select ${columns}, ${time} from page p where ${NEEDED[table]}
    ), ${effects}
    select (select count(*) from page) as seen, (select count(*) from moved) as moved,
      (select array[${keys.map(([column]) => `${column}::text`).join(', ')}] from page
       order by ${keys.map(([column]) => `${column} desc`).join(', ')} limit 1) as last`,
    after === 'true' ? [] : (cursor as string[]),
  );
  return page as RetainedPage;
}

/** A row changes its partition, so a transaction that changes it at the same time gets a serialization failure and retries. */
function moveNeeded(table: PartitionedTable, condition: string): string {
  return `update ${table} r set kept = 1 from needed n
    where ${matches(table, 'r', 'n')} and r.kept = 0 and ${condition.replaceAll(timeOf(table).time, `r.${timeOf(table).time}`)} returning 1`;
}

function matches(table: PartitionedTable, left: string, right: string): string {
  return [...KEYS[table].map(([column]) => column), timeOf(table).time]
    .map((column) => `${left}.${column} = ${right}.${column}`)
    .join(' and ');
}

function timeOf(table: PartitionedTable): (typeof PARTITIONED)[number] {
  return PARTITIONED.find((candidate) => candidate.table === table) as (typeof PARTITIONED)[number];
}
