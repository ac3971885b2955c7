import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable, type Sql, type Tx } from '../../../db/client.ts';
import { listMonths } from '../../../db/partitions/list-partitions.ts';
import { readLongestWindow } from '../../../db/partitions/longest-window.ts';
import { type Month, monthOf, partitionName } from '../../../db/partitions/months.ts';
import {
  countNeeded,
  dropMonth,
  dropNeedless,
  dropWithoutPartition,
  keepNeededRows,
  lockRetention,
  type RetentionRow,
} from '../../../db/partitions/retain-rows.ts';
import { PARTITIONED, type PartitionedTable } from '../../../db/partitions/tables.ts';
import { DAY, type Millis, SECOND } from '../../domain/time/time.ts';

/** How long rows are kept, by table; null: without limit. */
export type Retention = Record<PartitionedTable, Millis | null>;

/** What one step has done. */
export type RetentionStep =
  | { kind: 'dropped'; table: PartitionedTable; month: Month; rows: number; kept: number }
  /** Rows that never had a partition, or that were kept and are not needed any more. */
  | { kind: 'deleted'; table: PartitionedTable; rows: number }
  /** A page was prepared. */
  | { kind: 'prepared'; table: PartitionedTable }
  /** The table is in use for longer than a drop lets others wait. */
  | { kind: 'blocked'; table: PartitionedTable; month: Month }
  /** Another process works on the table. */
  | { kind: 'busy'; table: PartitionedTable };

/** Pause before a drop that was blocked is tried again, and tries until the next hour. */
const BLOCKED_MS = 2 * SECOND;
const TRIES = 5;

/**
 * Drops the months that are older than their table is kept, except for the rows that something still needs. In short
 * transactions, each of which can be the last one before a crash: needed rows move to the kept ones page by page, and
 * the partition is dropped when all of it was looked at.
 *
 * @returns whether more is to be done at once
 */
export async function dropExpired(
  sql: Sql,
  retention: Retention,
  report: (step: RetentionStep) => void = () => {},
): Promise<boolean> {
  let more = false;
  for (const { table } of PARTITIONED) {
    const step = await dropSome(sql, retention, table);
    if (step) report(step);
    more ||= step !== null && step.kind !== 'busy' && step.kind !== 'blocked';
  }
  return more;
}

async function dropSome(
  sql: Sql,
  retention: Retention,
  table: PartitionedTable,
): Promise<RetentionStep | null> {
  const limit = await readLimit(sql, retention, table);
  if (limit === null) return null;
  const { until, expired } = await listExpired(sql, table, limit);
  const [month] = expired;
  for (let n = 0; ; n++)
    try {
      return await sql.begin(async (tx) => {
        const row = await lockRetention(tx, table);
        if (!row) return { kind: 'busy', table };
        return month === undefined ? dropRest(tx, table, until, row) : prepareOrDrop(tx, table, month, row);
      });
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (n === TRIES) return { kind: 'blocked', table, month: month ?? until };
      await sleep(BLOCKED_MS);
    }
}

async function prepareOrDrop(
  tx: Tx,
  table: PartitionedTable,
  month: Month,
  row: RetentionRow,
): Promise<RetentionStep> {
  const isBegun = row.partition === partitionName(table, month);
  const progress = isBegun ? row : { cursor: null, seen: 0, moved: 0 };
  // Another process may have dropped it meanwhile.
  if (!(await listMonths(tx, table)).includes(month)) return { kind: 'prepared', table };
  const { seen } = await keepNeededRows(tx, table, month, progress);
  if (seen > 0) return { kind: 'prepared', table };
  await dropMonth(tx, table, month);
  return { kind: 'dropped', table, month, rows: progress.seen, kept: progress.moved };
}

async function dropRest(
  tx: Tx,
  table: PartitionedTable,
  until: Month,
  row: RetentionRow,
): Promise<RetentionStep | null> {
  const deleted = await dropWithoutPartition(tx, table, until);
  if (deleted !== null) return { kind: 'deleted', table, rows: deleted };
  if (row.isChecked) return null;
  const isBegun = row.partition === `${table}_kept`;
  return { kind: 'deleted', table, rows: await dropNeedless(tx, table, isBegun ? row : { cursor: null }) };
}

/** The months of a table that are over for longer than it is kept, oldest first, and the first month that is kept. */
async function listExpired(
  sql: Sql,
  table: PartitionedTable,
  limit: Millis,
): Promise<{ until: Month; expired: Month[] }> {
  const [row] = await sql<{ now: number }[]>`select (extract(epoch from now()) * 1000)::bigint as now`;
  const until = monthOf((row?.now ?? 0) - limit);
  return { until, expired: (await listMonths(sql, table)).filter((month) => month < until) };
}

/**
 * How long a table is kept: as configured, and not shorter than active bundles look back for events, with a month for the
 * time between an event and its acceptance.
 */
async function readLimit(sql: Sql, retention: Retention, table: PartitionedTable): Promise<Millis | null> {
  const limit = retention[table];
  if (limit === null || table !== 'events') return limit;
  return Math.max(limit, ((await readLongestWindow(sql)) + 31) * DAY);
}

/** A month that would be dropped. */
export interface ExpiredMonth {
  table: PartitionedTable;
  month: Month;
  rows: number;
  /** Rows that would be kept. */
  needed: number;
  bytes: number;
}

/** The months that {@link dropExpired} would drop. Nothing is changed. */
export async function previewExpired(sql: Sql, retention: Retention): Promise<ExpiredMonth[]> {
  const found: ExpiredMonth[] = [];
  for (const { table } of PARTITIONED) {
    const limit = await readLimit(sql, retention, table);
    const expired = limit === null ? [] : (await listExpired(sql, table, limit)).expired;
    for (const month of expired) found.push({ table, month, ...(await countNeeded(sql, table, month)) });
  }
  return found;
}
