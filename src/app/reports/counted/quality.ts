import { buildQuality, type PredictionQuality } from '../tally-predictions.ts';
import { type Cell, sumBy } from './counted-cells.ts';

/** Predicted against observed rewards, from the cells of days. */
export function toQuality(probabilities: readonly Cell[], amounts: readonly Cell[]): PredictionQuality {
  const groups = sumBy(probabilities, ([group]) => group);
  return buildQuality(
    [...groups].map(([group, sums]) => [JSON.parse(group) as number | null, sums]),
    sumBy(amounts, () => null).get('null') ?? [],
  );
}
