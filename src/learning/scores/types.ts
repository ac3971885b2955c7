import type { Touch } from '../../domain/customer/touch.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Zone } from '../../domain/time/zone.ts';

/** One order, as the scores need it. Cancelled orders are none: they were never wanted. */
export interface Purchase {
  at: Instant;
  /** Minor units of the workspace's currency, less refunds: 0 when all of it was refunded. */
  amount: number;
  /** What kinds of things were bought; empty if unknown. */
  categories: string[];
}

/** What a profile no longer lists one by one, because it keeps only the newest orders. All of it lies before the oldest listed. */
export interface EarlierPurchases {
  count: number;
  first: Instant;
  /** Minor units. */
  amount: number;
}

/** What scoring needs of one customer: plain data. */
export interface CustomerHistory {
  purchases: Purchase[];
  earlier: EarlierPurchases | null;
  /** The newest, oldest first, as the profile keeps them. */
  touches: readonly Touch[];
}

/** A customer's buying in the units that the models count in: weeks, and whole days merged. */
export interface BuyingSummary {
  /** Days on which something was bought again: the first day doesn't count. */
  x: number;
  /** Weeks from the first day of buying to the last. */
  tx: number;
  /** Weeks from the first day of buying to now. */
  T: number;
  /** Mean spend of a repeat day, minor units; 0 without one. */
  mean: number;
}

/**
 * `bg`: BG/NBD, who may drop out after each repeat purchase; a one-time buyer is then alive for certain.
 * `mbg`: MBG/NBD, who may drop out after the first purchase too. What the workspace is scored with.
 */
export interface BuyingParams {
  model: 'bg' | 'mbg';
  /** Purchase rates among customers are Gamma(r, alpha) a week. */
  r: number;
  alpha: number;
  /** Chances of dropping out after a purchase are Beta(a, b). */
  a: number;
  b: number;
}

/** Gamma-Gamma: a spend is Gamma(p, ν), and ν among customers Gamma(q, v). `v` in minor units. */
export interface SpendParams {
  p: number;
  q: number;
  v: number;
}

export type FitRefusal =
  | 'too_few_customers'
  | 'too_few_repeaters'
  | 'no_variation'
  | 'no_finite_mean'
  | 'not_converged'
  | 'bad_input';

/** A fitted model, or why there is none. */
export type FitResult<Params> =
  | { ok: true; params: Params; logLikelihood: number; customers: number }
  | { ok: false; reason: FitRefusal; message: string };

/**
 * Lower ends of the parts 2, 3, … that a population was cut into, by average rank. Null: no value reaches that part.
 * Frozen in the night, so that everybody is scored against the same for a day.
 */
export type Cuts = (number | null)[];

/** Quantiles 0, 1/n, … 1 of a population; empty when there was nobody. */
export type Ranks = number[];

/** What one night's fit of a workspace leaves behind: immutable, read by every score until the next one. */
export interface FittedScores {
  /** Of this shape; another one is not read. */
  format: 1;
  /** Names this fit in decisions that used it. */
  version: string;
  at: Instant;
  currency: string;
  /** Of the workspace: days of buying are counted in it until the next fit. */
  zone: Zone;
  /** Buyers, out of whom everything below was made. */
  customers: number;
  /** Of age in days of the last purchase, orders, and spend. */
  quintiles: { recency: Cuts; frequency: Cuts; monetary: Cuts };
  ranks: {
    recency: Ranks;
    frequency: Ranks;
    monetary: Ranks;
    clv: Ranks;
    margin: Ranks;
    advocacy: Ranks;
    engagement: Ranks;
  };
  buying: FitResult<BuyingParams>;
  spend: FitResult<SpendParams>;
  /** How yesterday's model would have predicted what has happened since (D-15); null when it could not be tried. */
  calibration: ScoreCalibration | null;
  /** Share of the workspace's human responses by hour of the local week (0 = Sunday 00:00); null: too few. */
  hours: number[] | null;
}

/** A model fitted on the past up to a day, held against what came after. */
export interface ScoreCalibration {
  from: Instant;
  to: Instant;
  customers: number;
  predicted: number;
  actual: number;
  /** Mean absolute error, purchases a customer. */
  meanError: number;
  /** The same error of "everybody goes on at the rate so far". */
  naiveError: number;
  correlation: number | null;
  /** Share of customers whose purchases lay inside their 90 % interval. */
  covered: number;
  /** Customers in tenths by predicted chance of buying again: what was predicted, and how many did. */
  bins: { customers: number; predicted: number; actual: number }[];
}

/** One reason for a score. */
export interface ScoreReason {
  name: string;
  observed: number | string | boolean | null;
  /** What it adds to the value, or to the share where the parts are shares; 0 if it only explains. */
  adds: number;
}

/** A score in [0, 1], and why. */
export interface Score {
  value: number;
  because: ScoreReason[];
}

export type ScoreName = 'recency' | 'frequency' | 'intent' | 'type' | 'engagement' | 'monetary';
