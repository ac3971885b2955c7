import type { ReactNode } from 'react';
import { Skeleton } from './skeleton.tsx';
import { Table } from './table.tsx';

export interface Column<T> {
  id: string;
  header: ReactNode;
  cell(row: T): ReactNode;
  /** Aligned at the end, with digits of the same width. */
  number?: boolean;
  /** The cell that names the row for screen readers. */
  rowHeader?: boolean;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  /** Undefined while the first answer is awaited. */
  rows: readonly T[] | undefined;
  rowKey(row: T): string;
  /** Shown in place of the table if there are no rows. */
  empty: ReactNode;
  /** Below the table: a `Pager`. */
  footer?: ReactNode;
}

const SKELETON_ROWS = 6;

/** A list as a table, with its loading and empty states. */
export function DataTable<T>({ caption, columns, rows, rowKey, empty, footer }: Props<T>) {
  if (rows?.length === 0) return empty;
  return (
    <>
      <Table caption={caption}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" data-number={column.number || undefined}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody aria-busy={rows === undefined || undefined}>
          {rows?.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          )) ?? <SkeletonRows columns={columns.length} />}
        </tbody>
      </Table>
      {footer}
    </>
  );
}

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const content = column.cell(row);
  if (column.rowHeader) return <th scope="row">{content}</th>;
  return <td data-number={column.number || undefined}>{content}</td>;
}

function SkeletonRows({ columns }: { columns: number }) {
  return Array.from({ length: SKELETON_ROWS }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells are all the same
        <td key={column}>
          <Skeleton lines={1} />
        </td>
      ))}
    </tr>
  ));
}
