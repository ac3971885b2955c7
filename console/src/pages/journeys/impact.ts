import type { Preview } from './use-preview.ts';

export type AffectedGroup = Preview['affected'][number];

/** The customers at one step, and what an edit does to them. */
export interface ImpactRow {
  journey: string;
  step: string;
  effect: AffectedGroup['effect'];
  destination: string | null;
  rule: string;
  customers: number;
}

/** What an edit does to customers, the largest groups first; groups to which nothing happens are only counted. */
export function summarizeImpact(affected: readonly AffectedGroup[]): {
  rows: ImpactRow[];
  touched: number;
  untouched: number;
} {
  const rows = new Map<string, ImpactRow>();
  let untouched = 0;
  for (const { journey, step, effect, destination, rule, customers } of affected) {
    if (effect === 'unchanged' || effect === 'pinned') {
      untouched += customers;
      continue;
    }
    const key = JSON.stringify([journey, step, effect, destination, rule]);
    const row = rows.get(key) ?? { journey, step, effect, destination, rule, customers: 0 };
    rows.set(key, { ...row, customers: row.customers + customers });
  }
  const sorted = [...rows.values()].sort((a, b) => b.customers - a.customers);
  return { rows: sorted, touched: sorted.reduce((sum, { customers }) => sum + customers, 0), untouched };
}
