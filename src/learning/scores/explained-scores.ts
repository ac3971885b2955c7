import type { Instant } from '../../domain/time/time.ts';
import { summarizePurchases } from './buying-facts.ts';
import { summarizeBuying } from './clv/buying-summary.ts';
import { computeLifetimeValue, type LifetimeValue } from './clv/lifetime-value.ts';
import { buildScoringInput, computeScores, type ScoresRequest } from './compute-scores.ts';
import { computeRfmCell, type RfmCell } from './rfm.ts';
import { explainSixScores } from './six-scores.ts';
import type { FittedScores, Score, ScoreName } from './types.ts';

/** All scores of a customer with their reasons, for people to read. Decisions use {@link computeScores}. */
export interface ExplainedScores {
  six: Record<ScoreName, Score>;
  /** Null without a purchase, and before the first nightly fit. */
  rfm: RfmCell | null;
  /** Minor units. Null if no model can compute it; `clvUnavailable` has the reason. */
  clv: LifetimeValue | null;
  clvUnavailable: { code: string; message: string } | null;
  alive: number | null;
  overdueAt: Instant | null;
  lapsedAt: Instant | null;
  sunsetAt: Instant | null;
  /** Source of the dates: the fitted model, or the gaps between the customer's orders while there is no model. */
  datesFrom: 'fit' | 'rhythm';
  /** The last nightly fit; null before the first one. */
  fitted: FittedScores | null;
}

export function explainScores(request: ScoresRequest): ExplainedScores {
  const input = buildScoringInput(request);
  const { history, fitted, now, zone } = input;
  const named = computeScores(request);
  const summary = summarizeBuying(history, now, zone);
  const result =
    fitted === null
      ? ({
          ok: false,
          reason: 'not_fitted',
          message: 'The scores of this workspace have not been fitted yet: the job `fit` runs every night.',
        } as const)
      : computeLifetimeValue(fitted.buying, fitted.spend, summary, input.value);
  return {
    six: explainSixScores(input),
    rfm: fitted && computeRfmCell(summarizePurchases(history, now), fitted.quintiles, now),
    clv: result.ok ? pickValue(result) : null,
    clvUnavailable: result.ok ? null : { code: result.reason, message: result.message },
    alive: named.alive ?? null,
    overdueAt: named.overdueAt ?? null,
    lapsedAt: named.lapsedAt ?? null,
    sunsetAt: named.sunsetAt ?? null,
    datesFrom: named.alive === undefined ? 'rhythm' : 'fit',
    fitted,
  };
}

function pickValue({ value, low, high, alive, purchases, spend }: LifetimeValue): LifetimeValue {
  return { value, low, high, alive, purchases, spend };
}
