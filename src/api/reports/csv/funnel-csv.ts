import type { z } from 'zod';
import type { funnelReportSchema } from '../funnel-schema.ts';
import type { CsvRow } from './csv.ts';

export const FUNNEL_COLUMNS = [
  'day',
  'gate',
  'code',
  'decisions',
  'candidates',
  'eligible',
  'ranked',
  'chosen',
  'sent',
  'blocked',
];

/** One row per day, and below it one per reason that blocked candidates. */
export function toFunnelRows({ days }: z.infer<typeof funnelReportSchema>): CsvRow[] {
  return days.flatMap(({ day, blocked, ...counts }): CsvRow[] => [
    { day, ...counts },
    ...blocked.map(({ gate, code, candidates }) => ({ day, gate, code, blocked: candidates })),
  ]);
}
