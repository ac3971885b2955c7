import type { Instant } from '../../domain/time.ts';
import { type ScoresWanted, scoresOf, scoringOf } from '../scores.ts';
import { buyingFacts } from './buying-facts.ts';
import { summarise } from './clv/summary.ts';
import { type LifetimeValue, lifetimeValue } from './clv/value.ts';
import { type RfmCell, rfmOf } from './rfm.ts';
import { sixScores } from './six-scores.ts';
import type { FittedScores, Score, ScoreName } from './types.ts';

/** All scores of a customer with what they rest on, for people to read; decisions use {@link scoresOf}. */
export interface ExplainedScores {
  six: Record<ScoreName, Score>;
  /** Null for who never bought, and before the first night. */
  rfm: RfmCell | null;
  /** Minor units. Null where no model can say; `why` tells. */
  clv: LifetimeValue | null;
  why: { code: string; say: string } | null;
  alive: number | null;
  overdueAt: Instant | null;
  lapsedAt: Instant | null;
  sunsetAt: Instant | null;
  /** What the dates rest on: the fitted model, or the customer's own rhythm as long as there is none. */
  datesFrom: 'fit' | 'rhythm';
  /** The night's fit; null before the first. */
  fitted: FittedScores | null;
}

export function explainedScores(wanted: ScoresWanted): ExplainedScores {
  const input = scoringOf(wanted);
  const { history, fitted, now, zone } = input;
  const named = scoresOf(wanted);
  const summary = summarise(history, now, zone);
  const answer =
    fitted === null
      ? ({ ok: false, reason: 'not_fitted', say: 'No night has been fitted yet.' } as const)
      : lifetimeValue(fitted.buying, fitted.spend, summary, input.value);
  return {
    six: sixScores(input),
    rfm: fitted && rfmOf(buyingFacts(history, now), fitted.quintiles, now),
    clv: answer.ok ? moneyOf(answer) : null,
    why: answer.ok ? null : { code: answer.reason, say: answer.say },
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
