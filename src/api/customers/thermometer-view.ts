import type { z } from 'zod';
import { iso } from '../../domain/time/time.ts';
import type { Thermometer, ThermometerPart } from '../../learning/scores/thermometer.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import type { ValueArea } from '../../learning/scores/value-areas.ts';
import { toMoney } from '../frame/format.ts';
import type { valueThermometer } from './scores-schema.ts';

export type ThermometerView = z.infer<typeof valueThermometer>;

/** The Customer Value Thermometer in whole points (B-9). */
export function toThermometerView(
  { value, low, high, band, change, parts, areas }: Thermometer,
  { at, currency }: Pick<FittedScores, 'at' | 'currency'>,
): ThermometerView {
  const whole = Math.round(value);
  const points = wholeParts(parts, whole);
  const part = (name: ThermometerPart) => points.get(name) ?? 0;
  const areaView = ({ kind, name, amount, share }: ValueArea) => ({
    kind,
    name,
    amount: toMoney(Math.round(amount), currency),
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
function wholeParts(parts: Thermometer['parts'], whole: number): Map<ThermometerPart, number> {
  const floors = parts.map(({ name, points }) => ({ name, floor: Math.floor(points), rest: points % 1 }));
  let left = whole - floors.reduce((sum, { floor }) => sum + floor, 0);
  const byRest = [...floors].sort((a, b) => b.rest - a.rest);
  return new Map(byRest.map(({ name, floor }) => [name, floor + (left-- > 0 ? 1 : 0)]));
}
