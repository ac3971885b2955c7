import type { Touch } from '../../domain/customer/touch.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Zone } from '../../domain/time/zone.ts';

/** One order, as the scores need it. Cancelled orders are left out. */
export interface Purchase {
  at: Instant;
  /** Minor units of the workspace's currency, less refunds: 0 when all of it was refunded. */
  amount: number;
  /** Categories of the items; empty if unknown. */
  categories: string[];
}

/** Orders that the profile no longer lists one by one, because it keeps only the newest. All are before the oldest listed. */
export interface EarlierPurchases {
  count: number;
  first: Instant;
  /** Minor units. */
  amount: number;
}

/** What scoring reads of one customer. */
export interface CustomerHistory {
  purchases: Purchase[];
  earlier: EarlierPurchases | null;
  /** The newest touches, oldest first, as the profile keeps them. */
  touches: readonly Touch[];
}

/** A customer's purchases in the units of the models: weeks, with the purchases of one day merged. */
export interface BuyingSummary {
  /** Days with a repeat purchase; the first day doesn't count. */
  x: number;
  /** Weeks from the first day with a purchase to the last. */
  tx: number;
  /** Weeks from the first day with a purchase to now. */
  T: number;
  /** Mean spend of a repeat day, minor units; 0 without one. */
  mean: number;
}

/**
 * Parameters of the purchase model. `bg`: BG/NBD (Fader, Hardie and Lee, 2005); a customer can drop out after each
 * repeat purchase, so a one-time buyer is certainly alive. `mbg`: MBG/NBD (Batislam, Denizel and Filiztekin, 2007); a
 * customer can also drop out after the first purchase. Workspaces are scored with `mbg`.
 */
export interface BuyingParams {
  model: 'bg' | 'mbg';
  /** Weekly purchase rates among customers are distributed as Gamma(r, alpha). */
  r: number;
  alpha: number;
  /** Probabilities of dropping out after a purchase are distributed as Beta(a, b). */
  a: number;
  b: number;
}

/**
 * Parameters of the Gamma-Gamma spend model (Fader and Hardie, 2013): the spend of a purchase is distributed as
 * Gamma(p, ν), and ν among customers as Gamma(q, v). `v` is in minor units.
 */
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

/** A fitted model, or the reason why there is none. */
export type FitResult<Params> =
  | { ok: true; params: Params; logLikelihood: number; customers: number }
  | { ok: false; reason: FitRefusal; message: string };

/**
 * Lower ends of the parts 2, 3, … that a population was cut into, by average rank. Null: no value reaches that part.
 * They change with the nightly fit only, so that all customers are scored alike for a day.
 */
export type Cuts = (number | null)[];

/** Quantiles 0, 1/n, … 1 of a population; empty for an empty population. */
export type Ranks = number[];

/** The result of one nightly fit of a workspace: immutable, and read by every score until the next fit. */
export interface FittedScores {
  /** Version of this format; fits of another format are ignored. */
  format: 1;
  /** Identifies the fit in the decisions that used it. */
  version: string;
  at: Instant;
  currency: string;
  /** Time zone of the workspace, in which days with a purchase are counted until the next fit. */
  zone: Zone;
  /** Number of buyers that the fit is based on. */
  customers: number;
  /** Cuts by days since the last purchase, number of orders, and spend. */
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
  /** How well an earlier fit would have predicted the purchases since (D-15); null if there is too little data. */
  calibration: ScoreCalibration | null;
  /** Share of the workspace's human responses by hour of the local week (0 = Sunday 00:00); null: too few. */
  hours: number[] | null;
}

/** Predictions of a model that was fitted up to `from`, compared with the purchases until `to`. */
export interface ScoreCalibration {
  from: Instant;
  to: Instant;
  customers: number;
  predicted: number;
  actual: number;
  /** Mean absolute error, in purchases per customer. */
  meanError: number;
  /** The same error for the naive prediction that each customer goes on at the rate so far. */
  naiveError: number;
  correlation: number | null;
  /** Share of customers whose purchases were inside their 90 % interval. */
  covered: number;
  /** Customers in tenths by predicted probability of buying again: the mean prediction, and the share who did. */
  bins: { customers: number; predicted: number; actual: number }[];
}

/** One reason for a score. */
export interface ScoreReason {
  name: string;
  observed: number | string | boolean | null;
  /** What the reason adds to the value; 0 if it only explains. */
  adds: number;
}

/** A score in [0, 1] with its reasons. */
export interface Score {
  value: number;
  because: ScoreReason[];
}

export type ScoreName = 'recency' | 'frequency' | 'intent' | 'type' | 'engagement' | 'monetary';
