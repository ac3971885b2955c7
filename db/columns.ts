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
  alias: string = getTableName(table),
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

/** Members of rows that are no columns of the table, with their SQL types: for a statement to compute with. */
export type Members = Record<string, 'text' | 'bigint'>;

/** `json_to_recordset(…) as t(id text, "customerId" text, …)`: rows to join with, under their member names. */
export function recordset<T extends PgTable, Name extends ColumnName<T>>(
  tx: Tx,
  table: T,
  names: readonly Name[],
  rows: readonly NewRow<T, Name>[],
  members: Members = {},
): Fragment {
  const types = columns(table, names).map(({ name, column }) => [name, column.getSQLType()]);
  const list = [...types, ...Object.entries(members)].map(
    ([name, type]) => `${quote(name as string)} ${type}`,
  );
  const sent = rows.map((row) => pick(row, [...names, ...Object.keys(members)]));
  return tx`json_to_recordset(${JSON.stringify(sent)}::text::json) as t(${tx.unsafe(list.join(', '))})`;
}

/**
 * `insert into … select … from json_to_recordset(…) as t`: any number of rows with one parameter. The caller
 * appends `on conflict` or `returning`.
 *
 * @param computed columns that SQL computes from the row `t`, which may have further `members` for it
 */
export function insertRows<T extends PgTable, Name extends ColumnName<T>>(
  tx: Tx,
  table: T,
  names: readonly Name[],
  rows: readonly NewRow<T, Name>[],
  { members, computed = {} }: { members?: Members; computed?: { [N in ColumnName<T>]?: Fragment } } = {},
): Fragment {
  const added = Object.entries(computed) as [ColumnName<T>, Fragment][];
  const list = columnList(tx, table, [...names, ...added.map(([name]) => name)]);
  const values = tx.unsafe(names.map((name) => `t.${quote(name)}`).join(', '));
  const further = added.reduce((sum, [, value]) => tx`${sum}, ${value}`, tx``);
  return tx`
    insert into ${tx.unsafe(quote(getTableName(table)))} (${list})
    select ${values}${further} from ${recordset(tx, table, names, rows, members)}`;
}

/** `a = t."a", …`: what an update from `recordset` writes. */
export function assign<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return tx.unsafe(
    columns(table, names)
      .map(({ name, column }) => `${quote(column.name)} = t.${quote(name)}`)
      .join(', '),
  );
}

/** `a = excluded.a, …`: what an upsert overwrites. */
export function overwrite<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return tx.unsafe(
    columns(table, names)
      .map(({ column }) => `${quote(column.name)} = excluded.${quote(column.name)}`)
      .join(', '),
  );
}

/** Callers may pass wider objects. A value that no column takes is not sent: it may even be one that JSON in SQL refuses. */
function pick(row: object, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) picked[name] = (row as Record<string, unknown>)[name];
  return picked;
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

/** Names that SQL reads as something else: those with capitals, and the one reserved word among the columns. */
function quote(name: string): string {
  return /[A-Z]/.test(name) || name === 'case' ? `"${name}"` : name;
}
