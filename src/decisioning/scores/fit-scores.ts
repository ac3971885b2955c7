import type { Instant, Millis } from '../../domain/time.ts';
import { UTC, type Zone } from '../../domain/zone.ts';
import { backtesting } from './backtest.ts';
import { type BuyingFacts, buyingFacts } from './buying-facts.ts';
import { fittingBuying } from './clv/fit-buying.ts';
import { fittingSpend } from './clv/spend.ts';
import { summarise, WEEK } from './clv/summary.ts';
import { meanValue } from './clv/value.ts';
import { ranksOf } from './ranks.ts';
import { cutPoints, recencyOf } from './rfm.ts';
import { THERMOMETER, type ThermometerSettings } from './thermometer.ts';
import type { BuyingParams, BuyingSummary, CustomerHistory, FittedScores } from './types.ts';
import { atOnce, eachOf, type Work } from './work.ts';

/** As much of a buyer as a night keeps. */
export interface Buyer {
  history: Pick<CustomerHistory, 'purchases' | 'earlier'>;
  advocacy: number;
  /** Their engagement score at the instant of the fit. */
  engaged: number;
}

export interface FitInput {
  version: string;
  at: Instant;
  currency: string;
  zone?: Zone;
  /** All buyers of the workspace, or a sample that was drawn without looking at what they bought. */
  customers: readonly Buyer[];
  /** Responses by hour of the week, from `cohortHours`. */
  hours: number[] | null;
  model?: BuyingParams['model'];
  settings?: ThermometerSettings;
  /** How long the calibration looks ahead. */
  calibrateOver?: Millis;
}

/** The night's work: cuts, ranks and models of one workspace, all against one instant. The order of customers changes nothing. */
export function fitScores(input: FitInput): FittedScores {
  return atOnce(fittingScores(input));
}

/** The same in pieces: with tens of thousands of customers it takes seconds. */
export function* fittingScores(input: FitInput): Work<FittedScores> {
  const { at, customers, zone = UTC, model = 'mbg', settings = THERMOMETER } = input;
  const histories = customers.map(({ history }) => history);
  const facts = (yield* eachOf(histories, (history) => buyingFacts(history, at) ?? [])).flat();
  const summaries = (yield* eachOf(histories, (history) => summarise(history, at, zone) ?? [])).flat();
  const buying = yield* fittingBuying(summaries, model);
  const spend = yield* fittingSpend(summaries);
  const clv = (summary: BuyingSummary) => {
    const answer = meanValue(buying, spend, summary, settings.value);
    return answer.ok ? [answer.value] : [];
  };
  const clvs = yield* eachOf(summaries, clv);
  const calibrateFrom = at - (input.calibrateOver ?? 13 * WEEK);
  const calibration = yield* backtesting(histories, calibrateFrom, at, model, zone);
  const columns = columnsOf(facts, at);
  const ranks: FittedScores['ranks'] = { ...NO_RANKS };
  const ranked = {
    ...columns,
    clv: clvs.flat(),
    margin: columns.monetary.map((amount) => amount * settings.value.margin),
    advocacy: customers.map(({ advocacy }) => advocacy),
    engagement: customers.map(({ engaged }) => engaged),
  };
  for (const [name, values] of Object.entries(ranked)) {
    ranks[name as keyof typeof ranked] = ranksOf(values);
    yield;
  }
  const quintiles: FittedScores['quintiles'] = { recency: [], frequency: [], monetary: [] };
  for (const [name, values] of Object.entries(columns)) {
    quintiles[name as keyof typeof columns] = cutPoints(values);
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

function columnsOf(facts: readonly BuyingFacts[], at: Instant) {
  return {
    recency: facts.map(({ last }) => recencyOf(last, at)),
    frequency: facts.map(({ orders }) => orders),
    monetary: facts.map(({ spend }) => spend),
  };
}
