import type { z } from 'zod';
import type { attribution } from '../attribution-schema.ts';
import type { CsvRow } from './csv.ts';
import { toCell } from './headline-cells.ts';

export const ATTRIBUTION_COLUMNS = [
  'touchpoint',
  'model',
  'conversions',
  'value',
  'currency',
  'incremental_conversions_result',
  'incremental_conversions',
  'incremental_conversions_low',
  'incremental_conversions_high',
  'incremental_value_result',
  'incremental_value',
  'incremental_value_low',
  'incremental_value_high',
];

/** One row per touchpoint and model, without a touchpoint for direct conversions; the last row has no model: the total. */
export function toAttributionRows({ touchpoints, total }: z.infer<typeof attribution>): CsvRow[] {
  const caused = (effects: typeof total.incremental): CsvRow =>
    Object.fromEntries(
      (['conversions', 'value'] as const).flatMap((of) => {
        const effect = effects[of];
        const has = 'amount' in effect ? effect : null;
        return [
          [`incremental_${of}_result`, effect.kind],
          [`incremental_${of}`, toCell(has?.amount)],
          [`incremental_${of}_low`, toCell(has?.low)],
          [`incremental_${of}_high`, toCell(has?.high)],
        ];
      }),
    );
  const credits = touchpoints.flatMap(({ touchpoint, credits: byModel, incremental }) =>
    Object.entries(byModel).map(([model, { milliConversions, value }]) => ({
      touchpoint,
      model,
      conversions: milliConversions / 1000,
      value: toCell(value),
      currency: value.currency,
      ...caused(incremental),
    })),
  );
  const { conversions, value, incremental } = total;
  return [
    ...credits,
    {
      touchpoint: null,
      model: null,
      conversions,
      value: toCell(value),
      currency: value.currency,
      ...caused(incremental),
    },
  ];
}
