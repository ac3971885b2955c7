import { iso } from '../../src/domain/time/time.ts';
import type { PartitionedTable } from './tables.ts';

/** A month in UTC, as `2026-11`. */
export type Month = string;

export function monthOf(at: number): Month {
  return iso(at).slice(0, 7);
}

/** The month `n` months later; earlier if `n` is negative. */
export function addMonths(month: Month, n: number): Month {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return monthOf(Date.UTC(year, number - 1 + n, 1));
}

/** When a month begins, in milliseconds. */
export function startOf(month: Month): number {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return Date.UTC(year, number - 1, 1);
}

/** The name of a month's partition: `events_2026_11`. */
export function partitionName(table: PartitionedTable, month: Month): string {
  return `${table}_${month.replace('-', '_')}`;
}
