import type { Instant } from '../../domain/time/time.ts';
import { summarizePurchases } from './buying-facts.ts';
import { summarizeBuying } from './clv/buying-summary.ts';
import { computeLifetimeValue, type LifetimeValue } from './clv/lifetime-value.ts';
import { buildScoringInput, computeScores, type ScoresRequest } from './compute-scores.ts';
import { computeRfmCell, type RfmCell } from './rfm.ts';
import { explainSixScores } from './six-scores.ts';
import type { FittedScores, Score, ScoreName } from './types.ts';

/** All scores of a customer with what they rest on, for people to read; decisions use {@link computeScores}. */
export interface ExplainedScores {
  six: Record<ScoreName, Score>;
  /** Null for who never bought, and before the first night. */
  rfm: RfmCell | null;
  /** Minor units. Null where no model can say; `why` tells. */
  clv: LifetimeValue | null;
  clvUnavailable: { code: string; message: string } | null;
  alive: number | null;
  overdueAt: Instant | null;
  lapsedAt: Instant | null;
  sunsetAt: Instant | null;
  /** What the dates rest on: the fitted model, or the customer's own rhythm as long as there is none. */
  datesFrom: 'fit' | 'rhythm';
  /** The night's fit; null before the first. */
  fitted: FittedScores | null;
}

export function explainScores(wanted: ScoresRequest): ExplainedScores {
  const input = buildScoringInput(wanted);
  const { history, fitted, now, zone } = input;
  const named = computeScores(wanted);
  const summary = summarizeBuying(history, now, zone);
  const answer =
    fitted === null
      ? ({ ok: false, reason: 'not_fitted', message: 'No night has been fitted yet.' } as const)
      : computeLifetimeValue(fitted.buying, fitted.spend, summary, input.value);
  return {
    six: explainSixScores(input),
    rfm: fitted && computeRfmCell(summarizePurchases(history, now), fitted.quintiles, now),
    clv: answer.ok ? moneyOf(answer) : null,
    clvUnavailable: answer.ok ? null : { code: answer.reason, message: answer.message },
    alive: named.alive ?? null,
    overdueAt: named.overdueAt ?? null,
    lapsedAt: named.lapsedAt ?? null,
    sunsetAt: named.sunsetAt ?? null,
    datesFrom: named.alive === undefined ? 'rhythm' : 'fit',
    fitted,
  };
}

function moneyOf({ value, low, high, alive, purchases, spend }: LifetimeValue): LifetimeValue {
  return { value, low, high, alive, purchases, spend };
}
