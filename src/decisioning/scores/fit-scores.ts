import type { Instant, Millis } from '../../domain/time.ts';
import { UTC, type Zone } from '../../domain/zone.ts';
import { backtest } from './backtest.ts';
import { type BuyingFacts, buyingFacts } from './buying-facts.ts';
import { fitBuying } from './clv/fit-buying.ts';
import { fitSpend } from './clv/spend.ts';
import { summarise, WEEK } from './clv/summary.ts';
import { meanValue } from './clv/value.ts';
import { engagementScore } from './engagement.ts';
import { ranksOf } from './ranks.ts';
import { cutPoints, recencyOf } from './rfm.ts';
import { THERMOMETER, type ThermometerSettings } from './thermometer.ts';
import type { BuyingParams, BuyingSummary, CustomerHistory, FittedScores } from './types.ts';

export interface FitInput {
  version: string;
  at: Instant;
  currency: string;
  zone?: Zone;
  /** All customers of the workspace, or a sample that was drawn without looking at what they bought. */
  customers: readonly { history: CustomerHistory; advocacy: number }[];
  /** Responses by hour of the week, from `cohortHours`. */
  hours: number[] | null;
  model?: BuyingParams['model'];
  settings?: ThermometerSettings;
  /** How long the calibration looks ahead. */
  calibrateOver?: Millis;
}

/** The night's work: cuts, ranks and models of one workspace, all against one instant. The order of customers changes nothing. */
export function fitScores(input: FitInput): FittedScores {
  const { at, customers, zone = UTC, model = 'mbg', settings = THERMOMETER } = input;
  const histories = customers.map(({ history }) => history);
  const facts = histories.flatMap((history) => buyingFacts(history, at) ?? []);
  const summaries = histories.flatMap((history) => summarise(history, at, zone) ?? []);
  const buying = fitBuying(summaries, model);
  const spend = fitSpend(summaries);
  const clv = (summary: BuyingSummary) => {
    const answer = meanValue(buying, spend, summary, settings.value);
    return answer.ok ? [answer.value] : [];
  };
  const engaged = histories.map(
    ({ engagement }) => engagementScore(engagement, at, settings.engagement).value,
  );
  const columns = columnsOf(facts, at);
  return {
    format: 1,
    version: input.version,
    at,
    currency: input.currency,
    customers: customers.length,
    quintiles: {
      recency: cutPoints(columns.recency),
      frequency: cutPoints(columns.frequency),
      monetary: cutPoints(columns.monetary),
    },
    ranks: {
      recency: ranksOf(columns.recency),
      frequency: ranksOf(columns.frequency),
      monetary: ranksOf(columns.monetary),
      clv: ranksOf(summaries.flatMap(clv)),
      margin: ranksOf(columns.monetary.map((amount) => amount * settings.value.margin)),
      advocacy: ranksOf(customers.map(({ advocacy }) => advocacy)),
      engagement: ranksOf(engaged),
    },
    buying,
    spend,
    calibration: backtest(histories, at - (input.calibrateOver ?? 13 * WEEK), at, model, zone),
    hours: input.hours,
  };
}

function columnsOf(facts: readonly BuyingFacts[], at: Instant) {
  return {
    recency: facts.map(({ last }) => recencyOf(last, at)),
    frequency: facts.map(({ orders }) => orders),
    monetary: facts.map(({ spend }) => spend),
  };
}
