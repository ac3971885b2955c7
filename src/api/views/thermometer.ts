import type { z } from 'zod';
import type { Area } from '../../decisioning/scores/areas.ts';
import type { PartName, Thermometer } from '../../decisioning/scores/thermometer.ts';
import type { FittedScores } from '../../decisioning/scores/types.ts';
import { iso } from '../../domain/time.ts';
import type { valueThermometer } from '../schemas/scores.ts';
import { moneyOf } from './format.ts';

export type ThermometerView = z.infer<typeof valueThermometer>;

/** The Customer Value Thermometer in whole points (B-9). */
export function thermometerView(
  { value, low, high, band, change, parts, areas }: Thermometer,
  { at, currency }: Pick<FittedScores, 'at' | 'currency'>,
): ThermometerView {
  const whole = Math.round(value);
  const points = wholeParts(parts, whole);
  const part = (name: PartName) => points.get(name) ?? 0;
  const areaView = ({ kind, name, amount, share }: Area) => ({
    kind,
    name,
    amount: moneyOf(Math.round(amount), currency),
    share,
  });
  return {
    value: whole,
    low: Math.round(low),
    high: Math.round(high),
    band,
    change: Math.round(change ?? 0),
    parts: {
      futureValue: part('future'),
      margin: part('margin'),
      advocacy: part('advocacy'),
      engagement: part('engagement'),
    },
    areas: { category: areas.category.map(areaView), channel: areas.channel.map(areaView) },
    fittedAt: iso(at),
  };
}

/** Whole points that add up to the whole value: what rounding down leaves over goes to the largest remainders. */
function wholeParts(parts: Thermometer['parts'], whole: number): Map<PartName, number> {
  const floors = parts.map(({ name, points }) => ({ name, floor: Math.floor(points), rest: points % 1 }));
  let left = whole - floors.reduce((sum, { floor }) => sum + floor, 0);
  const byRest = [...floors].sort((a, b) => b.rest - a.rest);
  return new Map(byRest.map(({ name, floor }) => [name, floor + (left-- > 0 ? 1 : 0)]));
}
