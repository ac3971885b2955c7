import type { Tx } from '../../client.ts';
import type { CountedFacts, CountSettings, StoredCells } from '../../schema/json.ts';

/** How far the counting of a workspace has come. */
export interface CountState {
  generation: number;
  published: number;
  cursor: string | null;
  settings: CountSettings;
  /** Of the published generation; null: none was published yet. */
  publishedSettings: CountSettings | null;
  day: number;
  /** Milliseconds; null: not all is counted yet. */
  countedAt: number | null;
}

/** Locks the counts of a workspace. Null: another process counts. `fresh` is what a first count begins with. */
export async function lockCounts(
  tx: Tx,
  workspace: string,
  fresh: Pick<CountState, 'settings' | 'day'>,
): Promise<{ state: CountState; now: number } | null> {
  await tx`
    insert into report_counts (workspace, generation, cursor, settings, day)
    values (${workspace}, 1, '', ${JSON.stringify(fresh.settings)}::text::jsonb, ${fresh.day})
    on conflict do nothing`;
  const [row] = await tx<(CountState & { now: number })[]>`
    select generation, published, cursor, settings, published_settings as "publishedSettings", day,
      (extract(epoch from counted_at) * 1000)::bigint as "countedAt",
      (extract(epoch from clock_timestamp()) * 1000)::bigint as now
    from report_counts where workspace = ${workspace} for update skip locked`;
  if (!row) return null;
  const { now, ...state } = row;
  return { state, now };
}

/** Reads how far the counting has come; null: it has not begun. */
export async function readCounts(tx: Tx, workspace: string): Promise<CountState | null> {
  const [row] = await tx<CountState[]>`
    select generation, published, cursor, settings, published_settings as "publishedSettings", day,
      (extract(epoch from counted_at) * 1000)::bigint as "countedAt"
    from report_counts where workspace = ${workspace}`;
  return row ?? null;
}

export async function saveCounts(tx: Tx, workspace: string, state: CountState): Promise<void> {
  const { generation, published, cursor, settings, publishedSettings, day, countedAt } = state;
  await tx`
    update report_counts set generation = ${generation}, published = ${published}, cursor = ${cursor},
      settings = ${JSON.stringify(settings)}::text::jsonb, day = ${day},
      published_settings = ${publishedSettings && JSON.stringify(publishedSettings)}::text::jsonb,
      counted_at = to_timestamp(${countedAt}::bigint / 1000.0)
    where workspace = ${workspace}`;
}

/** Makes the next run count all customers again. */
export async function requestRecount(tx: Tx, workspace: string): Promise<void> {
  await tx`update report_counts set settings = jsonb_set(settings, '{version}', '0') where workspace = ${workspace}`;
}

interface Change {
  customerId: string;
  generation: number | null;
  minus: StoredCells | null;
}

/** Takes the next changes out of the queue. They come back if the transaction fails. */
export async function takeChanges(tx: Tx, workspace: string, most: number): Promise<Change[]> {
  return tx<Change[]>`
    delete from report_changes where id in (
      select id from report_changes where workspace = ${workspace} order by id limit ${most})
    returning customer_id as "customerId", generation, minus`;
}

/** Customers of whom a window holds something else from this day on. */
export async function findDueCustomers(
  tx: Tx,
  { workspace, generation, day, most }: { workspace: string; generation: number; day: number; most: number },
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select customer_id as id from report_customers
    where workspace = ${workspace} and due_day <= ${day} and generation = ${generation} limit ${most}`;
  return rows.map(({ id }) => id);
}

/** The next customers of a workspace by id. */
export async function pageCustomers(
  tx: Tx,
  workspace: string,
  cursor: string,
  most: number,
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from customers where workspace = ${workspace} and id > ${cursor} order by id limit ${most}`;
  return rows.map(({ id }) => id);
}

/** What was counted of a customer. */
export interface CountedCustomer {
  customerId: string;
  generation: number;
  dueDay: number | null;
  facts: CountedFacts;
  counted: StoredCells;
}

export async function readCountedCustomers(tx: Tx, ids: string[]): Promise<Map<string, CountedCustomer>> {
  const rows = await tx<CountedCustomer[]>`
    select customer_id as "customerId", generation, due_day as "dueDay", facts, counted
    from report_customers where customer_id = any(${ids})`;
  return new Map(rows.map((row) => [row.customerId, row]));
}

/** Saves what was counted of customers, unless they were erased meanwhile. */
export async function saveCountedCustomers(
  tx: Tx,
  workspace: string,
  rows: CountedCustomer[],
): Promise<void> {
  await tx`
    insert into report_customers (customer_id, workspace, generation, due_day, facts, counted)
    select t."customerId", ${workspace}, t.generation, t."dueDay", t.facts, t.counted
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as t("customerId" text, generation int, "dueDay" int, facts jsonb, counted jsonb)
    join customers c on c.id = t."customerId" and c.erased_at is null
    on conflict (customer_id) do update set generation = excluded.generation, due_day = excluded.due_day,
      facts = excluded.facts, counted = excluded.counted`;
}

/** Deletes what was counted of customers who are gone. */
export async function deleteCountedCustomers(tx: Tx, ids: string[]): Promise<void> {
  await tx`delete from report_customers where customer_id = any(${ids})`;
}

/** A cell to add to. */
export interface CellChange {
  report: string;
  period: string;
  key: string;
  sums: (number | string)[];
}

/** Adds to the cells of a generation. */
export async function addToCells(
  tx: Tx,
  workspace: string,
  generation: number,
  cells: CellChange[],
): Promise<void> {
  await tx`
    insert into report_cells as c (workspace, generation, report, period, key, sums)
    select ${workspace}, ${generation}, t.report, t.period, t.key, t.sums
    from json_to_recordset(${JSON.stringify(cells)}::text::json) as t(report text, period text, key text, sums numeric[])
    order by t.report, t.period, t.key
    on conflict (workspace, generation, report, period, key) do update set sums = array(
      select coalesce(a, 0) + coalesce(b, 0) from unnest(c.sums, excluded.sums) with ordinality as u(a, b, i) order by i)`;
}

/** Deletes cells of generations that nothing reads any more; at most so many. Returns how many. */
export async function dropOldCells(
  tx: Tx,
  workspace: string,
  { generation, published }: Pick<CountState, 'generation' | 'published'>,
  most: number,
): Promise<number> {
  const rows = await tx`
    delete from report_cells where ctid = any(array(
      select ctid from report_cells
      where workspace = ${workspace} and generation < ${published === 0 ? generation : published} limit ${most}))
    returning 1`;
  return rows.length;
}

/** A cell as it is read. */
export interface CellRow {
  report: string;
  period: string;
  key: string;
  sums: number[];
  /** Exactly, of sums above 2⁵³. */
  exact: string[];
}

/** Reads the cells of reports in these periods whose keys contain `part`. */
export async function readCells(
  tx: Tx,
  workspace: string,
  generation: number,
  queries: { reports: string[]; from: string; to: string; part: string }[],
): Promise<CellRow[]> {
  return tx<CellRow[]>`
    select c.report, c.period, c.key, c.sums::float8[] as sums, c.sums::text[] as exact
    from json_to_recordset(${JSON.stringify(queries)}::text::json) as q(reports json, "from" text, "to" text, part text)
    cross join lateral json_array_elements_text(q.reports) as r(report)
    join report_cells c on c.workspace = ${workspace} and c.generation = ${generation} and c.report = r.report
      and c.period >= q."from" and c.period <= q."to" and strpos(c.key, q.part) > 0`;
}

/** Reads cells of a report in one period that are not zero; at most so many. */
export async function readSomeCells(
  tx: Tx,
  workspace: string,
  generation: number,
  { report, period }: { report: string; period: string },
  most: number,
): Promise<{ key: string; sums: string[] }[]> {
  return tx<{ key: string; sums: string[] }[]>`
    select key, sums::text[] as sums from report_cells
    where workspace = ${workspace} and generation = ${generation} and report = ${report} and period = ${period}
      and 0 <> any(sums)
    limit ${most}`;
}

/** The settings that the bundles of a workspace ever had. */
export async function readEverHeldOut(tx: Tx, workspace: string): Promise<number[]> {
  const rows = await tx<{ holdout: number }[]>`
    select distinct coalesce((compiled -> 'workspace' ->> 'holdout')::float8, 0) as holdout from bundles
    where workspace = ${workspace} order by 1`;
  return rows.map(({ holdout }) => holdout);
}
