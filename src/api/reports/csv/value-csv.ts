import type { z } from 'zod';
import type { value } from '../value-schema.ts';
import type { CsvRow } from './csv.ts';
import { HEADLINE_COLUMNS, toCell, toHeadlineCells } from './headline-cells.ts';

type ValueView = z.infer<typeof value>;
type Group = ValueView['global'] | ValueView['journeys'][number];

export const VALUE_COLUMNS = ['journey', 'cohort', 'measure', 'currency', 'amount', ...HEADLINE_COLUMNS];

const MEASURES = ['value', 'frequency', 'loyalty', 'advocacy'] as const;

/** One row per journey, cohort and measure. All marketing has no journey, the sum of all cohorts has no cohort. */
export function toValueRows({ global, journeys, currency }: ValueView): CsvRow[] {
  const { acquisition, engagement, retention } = global.lifecycle;
  const lifecycle = Object.entries({ acquisition, engagement, retention }).map(([measure, headline]) => ({
    journey: null,
    cohort: null,
    measure,
    ...toHeadlineCells(headline),
  }));
  return [
    ...listGroup(null, global, currency),
    ...lifecycle,
    ...journeys.flatMap((journey) => listGroup(journey.journey, journey, currency)),
  ];
}

function listGroup(journey: string | null, group: Group, currency: string): CsvRow[] {
  const { contacts, spend } = group.efficiency;
  const { incremental } = group;
  const all = { journey, cohort: null };
  const compared = [{ cohort: null, ...group }, ...group.cohorts].flatMap(({ cohort, ...report }) =>
    MEASURES.map((measure) => ({
      journey,
      cohort,
      measure,
      currency: measure === 'value' ? currency : null,
      ...toHeadlineCells(report[measure]),
    })),
  );
  return [
    ...compared,
    { ...all, measure: 'contacts', amount: contacts },
    { ...all, measure: 'spend', currency, amount: toCell(spend) },
    {
      ...all,
      measure: 'incremental_value',
      currency,
      amount: toCell(incremental?.amount),
      low: toCell(incremental?.low),
      high: toCell(incremental?.high),
    },
  ];
}
