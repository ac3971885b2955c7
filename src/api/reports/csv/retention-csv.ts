import type { z } from 'zod';
import type { retentionReportSchema } from '../retention-schema.ts';
import type { CsvRow } from './csv.ts';
import { HEADLINE_COLUMNS, toHeadlineCells } from './headline-cells.ts';

export const RETENTION_COLUMNS = ['month', 'after', 'treated_share', 'control_share', ...HEADLINE_COLUMNS];

/** One row per month of the first order and month after it. */
export function toRetentionRows({ cohorts }: z.infer<typeof retentionReportSchema>): CsvRow[] {
  return cohorts.flatMap(({ month, months }) =>
    months.map(({ after, treated, control, comparison }) => ({
      month,
      after,
      treated_share: treated,
      control_share: control,
      ...toHeadlineCells(comparison),
    })),
  );
}
