import type { Instant, Millis } from '../../domain/time/time.ts';
import { UTC, type Zone } from '../../domain/time/zone.ts';
import { mapStepwise, runAtOnce, type Stepwise } from '../../maths/stepwise.ts';
import { runBacktestStepwise } from './backtest.ts';
import { type PurchaseFacts, summarizePurchases } from './buying-facts.ts';
import { summarizeBuying, WEEK } from './clv/buying-summary.ts';
import { fitBuyingStepwise } from './clv/fit-buying.ts';
import { fitSpendStepwise } from './clv/fit-spend.ts';
import { computeMeanValue } from './clv/lifetime-value.ts';
import { computeRanks } from './ranks.ts';
import { computeCutPoints, computeRecency } from './rfm.ts';
import { DEFAULT_THERMOMETER, type ThermometerSettings } from './thermometer.ts';
import type { BuyingParams, BuyingSummary, CustomerHistory, FittedScores } from './types.ts';

/** What a fit reads of one customer. */
export interface FitCustomer {
  history: Pick<CustomerHistory, 'purchases' | 'earlier'>;
  advocacy: number;
  /** The customer's engagement score at the instant of the fit. */
  engagement: number;
}

export interface FitInput {
  version: string;
  at: Instant;
  currency: string;
  zone?: Zone;
  /** All buyers of the workspace, or a sample that doesn't depend on their purchases. */
  customers: readonly FitCustomer[];
  /** Responses by hour of the week, from `computeCohortHours`. */
  hours: number[] | null;
  model?: BuyingParams['model'];
  settings?: ThermometerSettings;
  /** Length of the period that the backtest predicts. */
  calibrationPeriod?: Millis;
}

/**
 * Fits the scores of one workspace as of one instant: cut points, ranks and models. The result doesn't depend on the
 * order of the customers.
 */
export function fitScores(input: FitInput): FittedScores {
  return runAtOnce(fitScoresStepwise(input));
}

/** Does the same as {@link fitScores} in steps, because tens of thousands of customers take seconds. */
export function* fitScoresStepwise(input: FitInput): Stepwise<FittedScores> {
  const { at, customers, zone = UTC, model = 'mbg', settings = DEFAULT_THERMOMETER } = input;
  const histories = customers.map(({ history }) => history);
  const facts = (yield* mapStepwise(histories, (history) => summarizePurchases(history, at) ?? [])).flat();
  const summaries = (yield* mapStepwise(
    histories,
    (history) => summarizeBuying(history, at, zone) ?? [],
  )).flat();
  const buying = yield* fitBuyingStepwise(summaries, model);
  const spend = yield* fitSpendStepwise(summaries);
  const clv = (summary: BuyingSummary) => {
    const result = computeMeanValue(buying, spend, summary, settings.value);
    return result.ok ? [result.value] : [];
  };
  const clvs = yield* mapStepwise(summaries, clv);
  const calibrateFrom = at - (input.calibrationPeriod ?? 13 * WEEK);
  const calibration = yield* runBacktestStepwise(histories, calibrateFrom, at, model, zone);
  const columns = collectColumns(facts, at);
  const ranks: FittedScores['ranks'] = { ...NO_RANKS };
  const ranked = {
    ...columns,
    clv: clvs.flat(),
    margin: columns.monetary.map((amount) => amount * settings.value.margin),
    advocacy: customers.map(({ advocacy }) => advocacy),
    engagement: customers.map(({ engagement }) => engagement),
  };
  for (const [name, values] of Object.entries(ranked)) {
    ranks[name as keyof typeof ranked] = computeRanks(values);
    yield;
  }
  const quintiles: FittedScores['quintiles'] = { recency: [], frequency: [], monetary: [] };
  for (const [name, values] of Object.entries(columns)) {
    quintiles[name as keyof typeof columns] = computeCutPoints(values);
    yield;
  }
  return {
    format: 1,
    version: input.version,
    at,
    currency: input.currency,
    zone,
    customers: customers.length,
    quintiles,
    ranks,
    buying,
    spend,
    calibration,
    hours: input.hours,
  };
}

const NO_RANKS: FittedScores['ranks'] = {
  recency: [],
  frequency: [],
  monetary: [],
  clv: [],
  margin: [],
  advocacy: [],
  engagement: [],
};

function collectColumns(facts: readonly PurchaseFacts[], at: Instant) {
  return {
    recency: facts.map(({ last }) => computeRecency(last, at)),
    frequency: facts.map(({ orders }) => orders),
    monetary: facts.map(({ spend }) => spend),
  };
}
