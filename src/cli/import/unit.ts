import { isAbsent } from '../../domain/values/read-number.ts';
import { findField } from './fields.ts';
import type { Mapping } from './mapping.ts';

export type Values = Record<string, unknown>;

/** What becomes one call: a row, or the rows of one order, with the rows of joined files. */
export interface Unit {
  line: number;
  rows: readonly Values[];
  joined: Readonly<Record<string, readonly Values[]>>;
}

/** Reads the fields of units by a mapping. */
export class FieldReader {
  private readonly mapping: Mapping;

  constructor(mapping: Mapping) {
    this.mapping = mapping;
  }

  /** All values of a field that are there: of a joined file one for each of its rows. */
  all(unit: Unit, field: string): unknown[] {
    const { columns, constants } = this.mapping;
    const column = columns[field];
    if (column === undefined) return field in constants ? [constants[field]] : [];
    const { rows, name } = findRows(unit, column);
    return rows.map((row) => row[name]).filter((value) => !isAbsent(value));
  }

  /** The first value of a field; undefined if there is none. */
  one(unit: Unit, field: string): unknown {
    const [value] = this.all(unit, field);
    return typeof value === 'string' ? value.trim() : value;
  }

  /** The rows that are products, each with the values of the fields of products. */
  products(unit: Unit): Values[] {
    const fields = Object.keys(this.mapping.columns).filter(
      (field) => findField(this.mapping.kind, field)?.product,
    );
    if (fields.length === 0) return [];
    const columns = fields.map((field) => this.mapping.columns[field] as string);
    const joinedColumn = columns.find((column) => findRows(unit, column).isJoined);
    const lines = joinedColumn === undefined ? unit.rows : findRows(unit, joinedColumn).rows;
    return lines.map((line) =>
      Object.fromEntries(
        fields.map((field, n) => {
          const { rows, name, isJoined } = findRows(unit, columns[n] as string);
          return [field, (isJoined || joinedColumn === undefined ? line : rows[0])?.[name]];
        }),
      ),
    );
  }

  /** Whether a field comes from a joined file. */
  isJoined(unit: Unit, field: string): boolean {
    const column = this.mapping.columns[field];
    return column !== undefined && findRows(unit, column).isJoined;
  }

  /** Columns that are kept under their own names. */
  kept(unit: Unit): Values {
    const values = this.mapping.keep.map((column) => {
      const { rows, name } = findRows(unit, column);
      return [column, rows.map((row) => row[name]).find((value) => !isAbsent(value))] as const;
    });
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  }

  /** The names of mapped fields that begin with a prefix, such as `ext:`. */
  named(prefix: string): string[] {
    const { columns, constants } = this.mapping;
    return [...Object.keys(columns), ...Object.keys(constants)].filter((field) => field.startsWith(prefix));
  }
}

function findRows(unit: Unit, column: string): { rows: readonly Values[]; name: string; isJoined: boolean } {
  const dot = column.indexOf('.');
  const name = column.slice(0, dot);
  const joined = dot >= 0 && Object.hasOwn(unit.joined, name) ? unit.joined[name] : undefined;
  if (joined) return { rows: joined, name: column.slice(dot + 1), isJoined: true };
  return { rows: unit.rows, name: column, isJoined: false };
}
