import type { WorthDef } from '../../domain/definition.ts';
import type { Instant } from '../../domain/time/time.ts';
import { UTC, type Zone } from '../../domain/time/zone.ts';
import { summarizePurchases } from './buying-facts.ts';
import { summarizeBuying } from './clv/buying-summary.ts';
import {
  buildValueSettings,
  computeLifetimeValue,
  DEFAULT_VALUE_SETTINGS,
  type LifetimeValue,
  type ValueSettings,
} from './clv/lifetime-value.ts';
import { DEFAULT_ENGAGEMENT, type EngagementSettings, explainEngagement } from './engagement.ts';
import { findRank } from './ranks.ts';
import type { CustomerHistory, FittedScores, Ranks } from './types.ts';
import { sumValueAreas, type ValueArea, type ValueAreaAmount } from './value-areas.ts';

type ThermometerBand = 'cold' | 'warm' | 'hot';
export type ThermometerPart = 'future' | 'margin' | 'advocacy' | 'engagement';

export interface ThermometerInput {
  history: CustomerHistory;
  fitted: FittedScores;
  /** Number of reviews and referrals, in the unit of the fitted ranks. */
  advocacy: number;
  /** Earnings so far by area, and the cost of service. */
  areas: readonly ValueAreaAmount[];
  /** The thermometer's value thirty days ago; null if there was none. */
  before: number | null;
  now: Instant;
  /** Time zone of the workspace, as in the nightly fit. */
  zone?: Zone;
  settings?: ThermometerSettings;
}

export interface ThermometerSettings {
  weights: Record<ThermometerPart, number>;
  /** Lowest values of the bands `warm` and `hot`. */
  warm: number;
  hot: number;
  value: ValueSettings;
  engagement: EngagementSettings;
}

export const DEFAULT_THERMOMETER: ThermometerSettings = {
  weights: { future: 0.6, margin: 0.2, advocacy: 0.1, engagement: 0.1 },
  warm: 50,
  hot: 80,
  value: DEFAULT_VALUE_SETTINGS,
  engagement: DEFAULT_ENGAGEMENT,
};

/** Builds the settings from the workspace's definition. */
export function buildThermometerSettings(worth: WorthDef): ThermometerSettings {
  const { weights, warm, hot } = worth;
  return { weights, warm, hot, value: buildValueSettings(worth), engagement: DEFAULT_ENGAGEMENT };
}

/** The value of a customer for the workspace, 0 to 100, with its parts (B-9). */
export interface Thermometer {
  value: number;
  /** The value at the 5 % and the 95 % quantile of the customer's future spend. */
  low: number;
  high: number;
  band: ThermometerBand;
  /** Change in thirty days; null if it wasn't measured then. */
  change: number | null;
  /** Points add up to the value. `rank` is the rank among the customers; null: no model could compute it. */
  parts: { name: ThermometerPart; points: number; weight: number; rank: number | null }[];
  /** Sources of the money; the shares of each list, with costs negative, add up to 100. */
  areas: { category: ValueArea[]; channel: ValueArea[] };
  /** The lifetime value behind the rank of the part `future`. */
  future: LifetimeValue | null;
}

/**
 * Computes the customer value thermometer: 100 · Σ weight · rank, with the ranks of the last nightly fit. Without a
 * lifetime value, the part `future` has rank 0 if the customer never bought, and otherwise rank 0.5 with low 0 and high 1.
 */
export function measureThermometer(input: ThermometerInput): Thermometer {
  const settings = input.settings ?? DEFAULT_THERMOMETER;
  const { weights, warm, hot } = settings;
  const spans = rankParts(input, settings);
  const { future, ...others } = spans;
  const all = weights.future + weights.margin + weights.advocacy + weights.engagement;
  const points = (name: ThermometerPart, rank: number) => (100 * weights[name] * rank) / all;
  const names = ['margin', 'advocacy', 'engagement'] as const;
  const rest = names.reduce((sum, name) => sum + points(name, others[name]), 0);
  const value = points('future', future.rank) + rest;
  return {
    value,
    low: points('future', future.low) + rest,
    high: points('future', future.high) + rest,
    band: value >= hot ? 'hot' : value >= warm ? 'warm' : 'cold',
    change: input.before === null ? null : value - input.before,
    parts: [
      {
        name: 'future',
        points: points('future', future.rank),
        weight: weights.future / all,
        rank: future === UNKNOWN_FUTURE ? null : future.rank,
      },
      ...names.map((name) => ({
        name,
        points: points(name, others[name]),
        weight: weights[name] / all,
        rank: others[name],
      })),
    ],
    areas: {
      category: sumValueAreas('category', input.areas),
      channel: sumValueAreas('channel', input.areas),
    },
    future: future.money,
  };
}

interface Span {
  rank: number;
  low: number;
  high: number;
  money: LifetimeValue | null;
}
const UNKNOWN_FUTURE: Span = { rank: 0.5, low: 0, high: 1, money: null };
const NO_FUTURE: Span = { rank: 0, low: 0, high: 0, money: null };

/** Ranks the customer in each part. */
function rankParts(
  { history, fitted, advocacy, now, zone = UTC }: ThermometerInput,
  settings: ThermometerSettings,
): { future: Span } & Record<Exclude<ThermometerPart, 'future'>, number> {
  const { ranks } = fitted;
  const facts = summarizePurchases(history, now);
  const result = computeLifetimeValue(
    fitted.buying,
    fitted.spend,
    summarizeBuying(history, now, zone),
    settings.value,
  );
  const engagement = explainEngagement(history.touches, now, settings.engagement).value;
  return {
    future: result.ok ? rankFuture(result, ranks.clv) : facts ? UNKNOWN_FUTURE : NO_FUTURE,
    margin: facts ? findRank(facts.spend * settings.value.margin, ranks.margin) : 0,
    advocacy: findRank(advocacy, ranks.advocacy),
    engagement: findRank(engagement, ranks.engagement),
  };
}

function rankFuture({ ok: _, ...money }: { ok: true } & LifetimeValue, ranks: Ranks): Span {
  const rank = findRank(money.value, ranks);
  const low = Math.min(rank, findRank(money.low, ranks));
  return { rank, low, high: Math.max(rank, findRank(money.high, ranks)), money };
}
