import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { toDay, toDayName } from './periods.ts';

/** Months with an order, by the day and the month of the first one. */
export function addRetentionCells(sums: CellSums, { buyer, segment, enrollments }: CustomerRows): void {
  if (buyer === null) return;
  const day = toDayName(toDay(buyer.first));
  const [month] = buyer.months as [number];
  const arms = new Map<string, [arm: string, excluded: boolean]>();
  for (const { journey, arm, excluded } of enrollments)
    if (!arms.has(journey)) arms.set(journey, [arm, excluded]);
  const groups = [
    [null, segment, false] as const,
    ...[...arms].map(([journey, arm]) => [journey, ...arm] as const),
  ];
  for (const group of groups) {
    sums.add('buyers', day, [...group, month], 1, buyer.incomplete ? 1 : 0);
    for (const again of buyer.months) sums.add('orders', day, [...group, month, again], 1);
  }
}
