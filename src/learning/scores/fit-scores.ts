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

/** As much of a buyer as a night keeps. */
export interface FitCustomer {
  history: Pick<CustomerHistory, 'purchases' | 'earlier'>;
  advocacy: number;
  /** Their engagement score at the instant of the fit. */
  engagement: number;
}

export interface FitInput {
  version: string;
  at: Instant;
  currency: string;
  zone?: Zone;
  /** All buyers of the workspace, or a sample that was drawn without looking at what they bought. */
  customers: readonly FitCustomer[];
  /** Responses by hour of the week, from `cohortHours`. */
  hours: number[] | null;
  model?: BuyingParams['model'];
  settings?: ThermometerSettings;
  /** How long the calibration looks ahead. */
  calibrationPeriod?: Millis;
}

/** The night's work: cuts, ranks and models of one workspace, all against one instant. The order of customers changes nothing. */
export function fitScores(input: FitInput): FittedScores {
  return runAtOnce(fitScoresStepwise(input));
}

/** The same in pieces: with tens of thousands of customers it takes seconds. */
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
    const answer = computeMeanValue(buying, spend, summary, settings.value);
    return answer.ok ? [answer.value] : [];
  };
  const clvs = yield* mapStepwise(summaries, clv);
  const calibrateFrom = at - (input.calibrationPeriod ?? 13 * WEEK);
  const calibration = yield* runBacktestStepwise(histories, calibrateFrom, at, model, zone);
  const columns = columnsOf(facts, at);
  const ranks: FittedScores['ranks'] = { ...NO_RANKS };
  const ranked = {
    ...columns,
    clv: clvs.flat(),
    margin: columns.monetary.map((amount) => amount * settings.value.margin),
    advocacy: customers.map(({ advocacy }) => advocacy),
    engagement: customers.map(({ engagement: engaged }) => engaged),
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

function columnsOf(facts: readonly PurchaseFacts[], at: Instant) {
  return {
    recency: facts.map(({ last }) => computeRecency(last, at)),
    frequency: facts.map(({ orders }) => orders),
    monetary: facts.map(({ spend }) => spend),
  };
}
