import type { z } from 'zod';
import type { holdsReportSchema } from '../holds-schema.ts';
import type { CsvRow } from './csv.ts';

export const HOLDS_COLUMNS = ['journey', 'gate', 'code', 'rule', 'action', 'decisions', 'held'];

/** All decisions; then one row per rule, and below it one per action that the rule blocked. */
export function toHoldsRows({ journey, decisions, rules }: z.infer<typeof holdsReportSchema>): CsvRow[] {
  return [
    { journey, ...decisions },
    ...rules.flatMap(({ actions, ...rule }): CsvRow[] => [
      { journey, ...rule },
      ...actions.map((action) => ({ journey, ...rule, ...action })),
    ]),
  ];
}
