import type { Zone } from '../../domain/time/zone.ts';
import { summarizePurchases } from './buying-facts.ts';
import { computeAlive } from './clv/buying.ts';
import { summarizeBuying, WEEK } from './clv/buying-summary.ts';
import { computeMeanValue, DEFAULT_VALUE_SETTINGS, type ValueSettings } from './clv/lifetime-value.ts';
import { computeRhythm } from './clv/rhythm.ts';
import { computeRfmCell } from './rfm.ts';
import { computeSixValues, type SixScoresInput } from './six-scores.ts';
import type { BuyingSummary, FittedScores } from './types.ts';

export interface NamedScoresInput extends SixScoresInput {
  /** Time zone of the workspace, in which days with a purchase are counted. */
  zone: Zone;
  value?: ValueSettings;
}

/**
 * Computes the scores that conditions can read: the six scores in [0, 1]; `r`, `f`, `m` from 1 to 5; `alive` in [0, 1];
 * `clv` in minor units; `overdueAt`, `lapsedAt`, `sunsetAt` as instants. A score that needs a model or a purchase is
 * missing without it.
 *
 * `clv` takes longer than all the others together, so it is computed when it is read.
 */
export function computeNamedScores(input: NamedScoresInput): Record<string, number> {
  const named: Record<string, number> = computeSixValues(input);
  const { history, fitted, now } = input;
  const facts = summarizePurchases(history, now);
  const summary = fitted && facts && summarizeBuying(history, now, input.zone);
  if (!fitted || !facts || !summary) return named;
  const cell = computeRfmCell(facts, fitted.quintiles, now);
  if (cell) {
    named.r = cell.r;
    named.f = cell.f;
    named.m = cell.m;
  }
  const { buying, spend } = fitted;
  if (!buying.ok) return named;
  const { overdue, lapsed, sunset } = computeRhythm(buying.params, summary.x, summary.tx);
  const after = (weeks: number) => facts.last + Math.round(weeks * WEEK);
  named.alive = computeAlive(buying.params, summary);
  named.overdueAt = after(overdue);
  named.lapsedAt = after(lapsed);
  named.sunsetAt = after(sunset);
  if (spend.ok)
    defineLazily(named, 'clv', () => computeClv(fitted, summary, input.value ?? DEFAULT_VALUE_SETTINGS));
  return named;
}

function computeClv(
  { buying, spend }: FittedScores,
  summary: BuyingSummary,
  settings: ValueSettings,
): number {
  const result = computeMeanValue(buying, spend, summary, settings);
  return result.ok ? result.value : 0;
}

/** Defines a property that is computed when it is first read. */
function defineLazily(named: Record<string, number>, name: string, compute: () => number): void {
  let value: number | undefined;
  const get = () => {
    value ??= compute();
    return value;
  };
  Object.defineProperty(named, name, { get, enumerable: true, configurable: true });
}
