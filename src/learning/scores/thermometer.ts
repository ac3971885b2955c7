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
  /** What the customer did for others' sake: reviews, referrals; in the unit that the ranks were made of. */
  advocacy: number;
  /** What was earned so far by area, and what service cost. */
  areas: readonly ValueAreaAmount[];
  /** The value of thirty days ago, if there was one. */
  before: number | null;
  now: Instant;
  /** Of the workspace, as in the night's fit. */
  zone?: Zone;
  settings?: ThermometerSettings;
}

export interface ThermometerSettings {
  weights: Record<ThermometerPart, number>;
  /** Warm and hot begin here. */
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

/** As the workspace reckons. */
export function buildThermometerSettings(worth: WorthDef): ThermometerSettings {
  const { weights, warm, hot } = worth;
  return { weights, warm, hot, value: buildValueSettings(worth), engagement: DEFAULT_ENGAGEMENT };
}

/** How much a customer means to the workspace, 0 to 100, and where it comes from (B-9). */
export interface Thermometer {
  value: number;
  /** Where it would stand if the future came out as one of twenty does at worst, and at best. */
  low: number;
  high: number;
  band: ThermometerBand;
  /** Change in thirty days; null if it wasn't measured then. */
  change: number | null;
  /** Points of the value: they add up to it. `rank` is the standing among the customers; null: no model could say. */
  parts: { name: ThermometerPart; points: number; weight: number; rank: number | null }[];
  /** Where the money came from; the shares of each, costs negative, add up to 100. */
  areas: { category: ValueArea[]; channel: ValueArea[] };
  /** The value in money that the part `future` ranks. */
  future: LifetimeValue | null;
}

/**
 * CVT = 100 · Σ weight · rank, against last night's ranks. What no model could say (nothing fitted, never bought) stands
 * at rank 0 if the customer never bought, else in the middle, with a low and high from end to end.
 */
export function measureThermometer(input: ThermometerInput): Thermometer {
  const settings = input.settings ?? DEFAULT_THERMOMETER;
  const { weights, warm, hot } = settings;
  const spans = spansOf(input, settings);
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
        rank: future === UNKNOWN ? null : future.rank,
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
const UNKNOWN: Span = { rank: 0.5, low: 0, high: 1, money: null };
const NEVER: Span = { rank: 0, low: 0, high: 0, money: null };

/** Where the customer stands in each part. */
function spansOf(
  { history, fitted, advocacy, now, zone = UTC }: ThermometerInput,
  settings: ThermometerSettings,
): { future: Span } & Record<Exclude<ThermometerPart, 'future'>, number> {
  const { ranks } = fitted;
  const facts = summarizePurchases(history, now);
  const answer = computeLifetimeValue(
    fitted.buying,
    fitted.spend,
    summarizeBuying(history, now, zone),
    settings.value,
  );
  const engaged = explainEngagement(history.touches, now, settings.engagement).value;
  return {
    future: answer.ok ? spanOf(answer, ranks.clv) : facts ? UNKNOWN : NEVER,
    margin: facts ? findRank(facts.spend * settings.value.margin, ranks.margin) : 0,
    advocacy: findRank(advocacy, ranks.advocacy),
    engagement: findRank(engaged, ranks.engagement),
  };
}

function spanOf({ ok: _, ...money }: { ok: true } & LifetimeValue, ranks: Ranks): Span {
  const rank = findRank(money.value, ranks);
  const low = Math.min(rank, findRank(money.low, ranks));
  return { rank, low, high: Math.max(rank, findRank(money.high, ranks)), money };
}
