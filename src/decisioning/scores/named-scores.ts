import type { Zone } from '../../domain/zone.ts';
import { buyingFacts } from './buying-facts.ts';
import { aliveOf } from './clv/buying.ts';
import { rhythmOf } from './clv/overdue.ts';
import { summarise, WEEK } from './clv/summary.ts';
import { meanValue, VALUE_SETTINGS, type ValueSettings } from './clv/value.ts';
import { rfmOf } from './rfm.ts';
import { type ScoresInput, sixScores } from './six-scores.ts';

export interface NamedScoresInput extends ScoresInput {
  /** Of the workspace: days of buying are counted in it. */
  zone: Zone;
  value?: ValueSettings;
}

/**
 * What conditions can name of a customer: the six scores in [0, 1]; `r`, `f`, `m` from 1 to 5; `alive` in [0, 1]; `clv` in
 * minor units; `overdueAt`, `lapsedAt`, `sunsetAt` as instants. What no model or no purchase can say is missing.
 */
export function namedScores(input: NamedScoresInput): Record<string, number> {
  const named: Record<string, number> = {};
  for (const [name, { value }] of Object.entries(sixScores(input))) named[name] = value;
  const { history, fitted, now } = input;
  const facts = buyingFacts(history, now);
  const summary = summarise(history, now, input.zone);
  if (fitted === null || facts === null || summary === null) return named;
  const cell = rfmOf(facts, fitted.quintiles, now);
  if (cell) Object.assign(named, { r: cell.r, f: cell.f, m: cell.m });
  if (fitted.buying.ok) {
    const { overdue, lapsed, sunset } = rhythmOf(fitted.buying.params, summary.x, summary.tx);
    const after = (weeks: number) => facts.last + Math.round(weeks * WEEK);
    named.alive = aliveOf(fitted.buying.params, summary);
    Object.assign(named, { overdueAt: after(overdue), lapsedAt: after(lapsed), sunsetAt: after(sunset) });
  }
  const worth = meanValue(fitted.buying, fitted.spend, summary, input.value ?? VALUE_SETTINGS);
  if (worth.ok) named.clv = worth.value;
  return named;
}
