import type { z } from 'zod';
import { iso } from '../../domain/time/time.ts';
import type { ExplainedScores } from '../../learning/scores/explained-scores.ts';
import type { FittedScores, Score } from '../../learning/scores/types.ts';
import { toIsoOrNull, toMoney } from '../frame/format.ts';
import type { scores } from './scores-schema.ts';

export type ScoresView = z.infer<typeof scores>;

/** A customer's scores with their reasons (D-12). */
export function toScoresView(explained: ExplainedScores, currency: string): ScoresView {
  const { six, rfm, clv, clvUnavailable, alive, fitted } = explained;
  return {
    recency: scoreView(six.recency),
    frequency: scoreView(six.frequency),
    intent: scoreView(six.intent),
    type: scoreView(six.type),
    engagement: scoreView(six.engagement),
    monetary: scoreView(formatSpend(six.monetary, currency)),
    rfm,
    alive: alive === null ? null : roundScore(alive),
    clv: clv && {
      value: toMoney(clv.value, currency),
      low: toMoney(clv.low, currency),
      high: toMoney(clv.high, currency),
      purchases: roundScore(clv.purchases),
    },
    clvUnavailable,
    overdueAt: toIsoOrNull(explained.overdueAt),
    lapsedAt: toIsoOrNull(explained.lapsedAt),
    sunsetAt: toIsoOrNull(explained.sunsetAt),
    datesFrom: explained.datesFrom,
    fit: fitted && fitView(fitted),
  };
}

function fitView({ version, at, customers, buying, spend }: FittedScores): NonNullable<ScoresView['fit']> {
  return { version, at: iso(at), customers, buying: modelView(buying), spend: modelView(spend) };
}

function modelView(model: FittedScores['buying'] | FittedScores['spend']) {
  return model.ok
    ? { ok: true, code: null, message: null }
    : { ok: false, code: model.reason, message: model.message };
}

function scoreView({ value, because }: Score): ScoresView['recency'] {
  return {
    value: roundScore(value),
    factors: because.map(({ name, observed, adds }) => ({
      name,
      observed: typeof observed === 'number' ? roundScore(observed) : observed,
      contribution: roundScore(adds),
    })),
  };
}

/** Spend as a decimal amount with currency, not in minor units. */
function formatSpend({ value, because }: Score, currency: string): Score {
  return {
    value,
    because: because.map((factor) =>
      factor.name === 'spend' && typeof factor.observed === 'number'
        ? { ...factor, observed: `${toMoney(factor.observed, currency).amount} ${currency}` }
        : factor,
    ),
  };
}

/** Three digits: more would change the ETag with every request. */
function roundScore(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
