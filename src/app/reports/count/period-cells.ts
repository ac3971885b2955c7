import type { CellKey, CellSums, Sum } from './cell-sums.ts';

/**
 * Cells of one customer by period, each kept once for all periods in which it is the same: `28d 90d 2026-11`. So a
 * customer's row does not grow with the number of periods.
 */
export class PeriodCells {
  readonly #cells = new Map<string, { report: string; key: CellKey; sums: Sum[]; periods: string[] }>();

  add(report: string, period: string, key: CellKey, ...sums: Sum[]): void {
    const id = JSON.stringify([report, key, sums.map(String)]);
    const known = this.#cells.get(id);
    // A period may have the same cell twice, which are two cells to add.
    if (known) known.periods.push(period);
    else this.#cells.set(id, { report, key, sums, periods: [period] });
  }

  addTo(sums: CellSums): void {
    for (const { report, key, sums: own, periods } of this.#cells.values())
      sums.add(report, periods.join(' '), key, ...own);
  }
}

/** The periods of a cell. */
export function splitPeriods(period: string): string[] {
  return period.split(' ');
}
