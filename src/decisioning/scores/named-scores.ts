import type { Zone } from '../../domain/zone.ts';
import { buyingFacts } from './buying-facts.ts';
import { aliveOf } from './clv/buying.ts';
import { rhythmOf } from './clv/overdue.ts';
import { summarise, WEEK } from './clv/summary.ts';
import { meanValue, VALUE_SETTINGS, type ValueSettings } from './clv/value.ts';
import { rfmOf } from './rfm.ts';
import { type ScoresInput, sixValues } from './six-scores.ts';
import type { BuyingSummary, FittedScores } from './types.ts';

export interface NamedScoresInput extends ScoresInput {
  /** Of the workspace: days of buying are counted in it. */
  zone: Zone;
  value?: ValueSettings;
}

/**
 * What conditions can name of a customer: the six scores in [0, 1]; `r`, `f`, `m` from 1 to 5; `alive` in [0, 1]; `clv` in
 * minor units; `overdueAt`, `lapsedAt`, `sunsetAt` as instants. What no model or no purchase can say is missing.
 *
 * `clv` takes longer than all the others together, so it is reckoned when it is read.
 */
export function namedScores(input: NamedScoresInput): Record<string, number> {
  const named: Record<string, number> = sixValues(input);
  const { history, fitted, now } = input;
  const facts = buyingFacts(history, now);
  const summary = fitted && facts && summarise(history, now, input.zone);
  if (!fitted || !facts || !summary) return named;
  const cell = rfmOf(facts, fitted.quintiles, now);
  if (cell) {
    named.r = cell.r;
    named.f = cell.f;
    named.m = cell.m;
  }
  const { buying, spend } = fitted;
  if (!buying.ok) return named;
  const { overdue, lapsed, sunset } = rhythmOf(buying.params, summary.x, summary.tx);
  const after = (weeks: number) => facts.last + Math.round(weeks * WEEK);
  named.alive = aliveOf(buying.params, summary);
  named.overdueAt = after(overdue);
  named.lapsedAt = after(lapsed);
  named.sunsetAt = after(sunset);
  if (spend.ok) whenRead(named, 'clv', () => clvOf(fitted, summary, input.value ?? VALUE_SETTINGS));
  return named;
}

function clvOf({ buying, spend }: FittedScores, summary: BuyingSummary, settings: ValueSettings): number {
  const worth = meanValue(buying, spend, summary, settings);
  return worth.ok ? worth.value : 0;
}

/** A property like any other, but for when its value is made. */
function whenRead(named: Record<string, number>, name: string, make: () => number): void {
  let value: number | undefined;
  const get = () => {
    value ??= make();
    return value;
  };
  Object.defineProperty(named, name, { get, enumerable: true, configurable: true });
}
