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
  return list(tx, table, names, `select ${alias}`, (name, column) => {
    return `${read(column, `${quote(alias)}.${quote(column.name)}`)} as ${quote(name)}`;
  });
}

/** `id, customer_id, …`: the column list of an insert. */
export function columnList<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return list(tx, table, names, 'columns', (_, column) => quote(column.name));
}

/** `a = excluded.a, …`: what an upsert overwrites. */
export function overwrite<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return list(tx, table, names, 'overwrite', (_, { name }) => `${quote(name)} = excluded.${quote(name)}`);
}

/** `a = t."a", …`: what an update from `recordset` writes. */
export function assign<T extends PgTable>(tx: Tx, table: T, names: readonly ColumnName<T>[]): Fragment {
  return list(tx, table, names, 'assign', (name, column) => `${quote(column.name)} = t.${quote(name)}`);
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
  const types = list(tx, table, names, 'types', (name, column) => `${quote(name)} ${column.getSQLType()}`);
  const added = Object.entries(members).map(([name, type]) => `, ${quote(name)} ${type}`);
  const sentNames = [...names, ...Object.keys(members)];
  const sent = JSON.stringify(rows.map((row) => pick(row, sentNames)));
  return added.length === 0
    ? tx`json_to_recordset(${sent}::text::json) as t(${types})`
    : tx`json_to_recordset(${sent}::text::json) as t(${types}${tx.unsafe(added.join(''))})`;
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
  if (added.length === 0 && !members) return insertPlainRows(tx, table, names, rows);
  const into = tx.unsafe(quote(getTableName(table)));
  const columns = columnList(tx, table, names);
  const values = list(tx, table, names, 'values', (name) => `t.${quote(name)}`);
  const source = recordset(tx, table, names, rows, members);
  if (added.length === 0) return tx`insert into ${into} (${columns}) select ${values} from ${source}`;
  const addedNames = added.map(([name]) => name);
  const addedValues = added.map(([, value]) => value).reduce((left, right) => tx`${left}, ${right}`);
  return tx`
    insert into ${into} (${columns}, ${columnList(tx, table, addedNames)})
    select ${values}, ${addedValues} from ${source}`;
}

/** The common case: the text around the parameter is one string, because each fragment costs the driver some CPU time. */
function insertPlainRows<T extends PgTable, Name extends ColumnName<T>>(
  tx: Tx,
  table: T,
  names: readonly Name[],
  rows: readonly NewRow<T, Name>[],
): Fragment {
  const into = cached(table, names, 'insert', () => {
    const columns = joinColumns(table, names, (_, column) => quote(column.name));
    const values = joinColumns(table, names, (name) => `t.${quote(name)}`);
    return `insert into ${quote(getTableName(table))} (${columns}) select ${values} from json_to_recordset(`;
  });
  const as = cached(table, names, 'as', () => {
    const types = joinColumns(table, names, (name, column) => `${quote(name)} ${column.getSQLType()}`);
    return `::text::json) as t(${types})`;
  });
  return tx`${tx.unsafe(into)}${JSON.stringify(rows.map((row) => pick(row, names)))}${tx.unsafe(as)}`;
}

/**
 * Callers may pass wider objects. Values without a column are not sent, because Postgres may refuse them (U+0000).
 */
function pick(row: object, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) picked[name] = (row as Record<string, unknown>)[name];
  return picked;
}

/** SQL texts by their kind, table and columns. There are as many as the code has statements. */
const texts = new Map<string, string>();

function list<T extends PgTable>(
  tx: Tx,
  table: T,
  names: readonly ColumnName<T>[],
  kind: string,
  write: (name: string, column: PgColumn) => string,
): Fragment {
  return tx.unsafe(cached(table, names, kind, () => joinColumns(table, names, write)));
}

function cached(table: PgTable, names: readonly string[], kind: string, write: () => string): string {
  const key = `${kind} ${getTableName(table)} ${names.join()}`;
  const text = texts.get(key) ?? write();
  texts.set(key, text);
  return text;
}

function joinColumns<T extends PgTable>(
  table: T,
  names: readonly ColumnName<T>[],
  write: (name: string, column: PgColumn) => string,
): string {
  const columns = getTableColumns(table) as Record<string, PgColumn>;
  return names.map((name) => write(name, columns[name] as PgColumn)).join(', ');
}

/** Wall-clock columns are read as milliseconds. */
function read(column: PgColumn, expression: string): string {
  return column.getSQLType() === 'timestamp with time zone'
    ? `(extract(epoch from ${expression}) * 1000)::bigint`
    : expression;
}

/** Names that SQL reads as something else: those with capitals, and the one reserved word among the columns. */
function quote(name: string): string {
  return /[A-Z]/.test(name) || name === 'case' ? `"${name}"` : name;
}
