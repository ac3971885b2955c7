import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import type { Tx } from './client.ts';

/**
 * Statements are written in SQL; the names and types of columns come from `schema/`. A query lists the columns it
 * wants once, by their names in TypeScript, and gets the SQL text and the row type from that one list.
 */

type ColumnsOf<T extends PgTable> = T['_']['columns'];
export type ColumnName<T extends PgTable> = keyof ColumnsOf<T> & string;

/** A row of a table with some of its columns. Wall-clock columns are milliseconds. */
export type Row<T extends PgTable, Name extends ColumnName<T> = ColumnName<T>> = {
  [N in Name]: Value<ColumnsOf<T>[N]['_']['data'], ColumnsOf<T>[N]>;
};

/** A row to insert. Wall-clock columns are RFC 3339, so that they keep what JSON says of them. */
export type NewRow<T extends PgTable, Name extends ColumnName<T> = ColumnName<T>> = {
  [N in Name]: Value<
    ColumnsOf<T>[N]['_']['columnType'] extends 'PgCustomColumn' ? string : ColumnsOf<T>[N]['_']['data'],
    ColumnsOf<T>[N]
  >;
};

type Value<Data, Column extends PgColumn> = Column['_']['notNull'] extends true ? Data : Data | null;

type Fragment = postgres.Fragment;

/** `d.id, d.customer_id as "customerId", …`: columns to select, from the table or from its alias. */
export function selectColumns<T extends PgTable>(
  tx: Tx,
  table: T,
  names: readonly ColumnName<T>[],
  alias = getTableName(table),
): Fragment {
  return tx.unsafe(
    columns(table, names)
      .map(({ name, column }) => `${read(column, `${quote(alias)}.${quote(column.name)}`)} as ${quote(name)}`)
      .join(', '),
  );
}

/** `id, customer_id, …`: the column list of an insert. */
export function columnList<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return tx.unsafe(
    columns(table, names)
      .map(({ column }) => quote(column.name))
      .join(', '),
  );
}

/** `json_to_recordset(…) as t("id" text, "customerId" text, …)`: rows to join with, under the names of their members. */
export function recordset<T extends PgTable, Name extends ColumnName<T>>(
  tx: Tx,
  table: T,
  names: readonly Name[],
  rows: readonly NewRow<T, Name>[],
): Fragment {
  const types = columns(table, names).map(({ name, column }) => `${quote(name)} ${column.getSQLType()}`);
  return tx`json_to_recordset(${JSON.stringify(rows)}::text::json) as t(${tx.unsafe(types.join(', '))})`;
}

/**
 * `insert into … select … from json_to_recordset(…)`: any number of rows with one parameter. The caller appends
 * `on conflict` or `returning`.
 */
export function insertRows<T extends PgTable, Name extends ColumnName<T>>(
  tx: Tx,
  table: T,
  names: readonly Name[],
  rows: readonly NewRow<T, Name>[],
): Fragment {
  const members = names.map((name) => `t.${quote(name)}`).join(', ');
  return tx`
    insert into ${tx.unsafe(quote(getTableName(table)))} (${columnList(tx, table, names)})
    select ${tx.unsafe(members)} from ${recordset(tx, table, names, rows)}`;
}

/** `a = excluded.a, …`: what an upsert overwrites. */
export function overwrite<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return tx.unsafe(
    columns(table, names)
      .map(({ column }) => `${quote(column.name)} = excluded.${quote(column.name)}`)
      .join(', '),
  );
}

function columns<T extends PgTable>(table: T, names: readonly ColumnName<T>[]) {
  const all = getTableColumns(table) as Record<string, PgColumn>;
  return names.map((name) => ({ name, column: all[name] as PgColumn }));
}

/** Wall-clock columns are read as milliseconds. */
function read(column: PgColumn, expression: string): string {
  return column.columnType === 'PgCustomColumn'
    ? `(extract(epoch from ${expression}) * 1000)::bigint`
    : expression;
}

function quote(name: string): string {
  return `"${name}"`;
}
