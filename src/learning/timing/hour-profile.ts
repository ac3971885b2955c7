import type { Instant } from '../../domain/time/time.ts';
import type { Zone } from '../../domain/time/zone.ts';
import {
  type CustomerResponse,
  DEFAULT_HOUR_SETTINGS,
  HOURS_A_WEEK,
  type HourSettings,
  smoothHours,
  sumFadedHours,
  sumWeights,
} from './hours-of-week.ts';

/** At this share of the mean exposure, the response rate of an hour counts as much as the mean rate. */
const TRUSTED_SHARE = 0.25;

/** When a customer responded and when messages were sent to them, with their time zone. */
export interface ResponseHistory {
  responses: readonly CustomerResponse[];
  /** When messages were sent, with or without a response. */
  sentAt: readonly Instant[];
  zone: Zone;
}

export interface HourProfile {
  /** Probability that the customer responds in each hour of the local week; sums to 1. */
  hours: number[];
  /** Number of responses behind it; older ones count less. */
  evidence: number;
  /** `own`: the customer's responses combined with the cohort's; `cohort`: too few of their own; `none`: no data. */
  source: 'own' | 'cohort' | 'none';
}

/**
 * Computes when a customer responds: score(h) = (n·own(h) + κ·cohort(h)) / (n + κ), with n responses and κ the weight of
 * the cohort. `own` are the customer's responses, smoothed by a kernel. Responses to messages are divided by the number
 * of messages sent around that hour; otherwise the hour with the most messages would always be the best one.
 */
export function buildHourProfile(
  history: ResponseHistory,
  cohort: readonly number[] | null,
  now: Instant,
  settings: HourSettings = DEFAULT_HOUR_SETTINGS,
): HourProfile {
  const smoothed = smoothCounts(countByHour(history, now, settings), settings);
  const evidence = sumWeights(smoothed.caused) + sumWeights(smoothed.free);
  const cohortShares = toShares(cohort);
  const prior = cohortShares ?? createUniformShares();
  if (evidence < settings.minResponses)
    return { hours: prior, evidence, source: cohortShares ? 'cohort' : 'none' };
  const own = correctForExposure(smoothed);
  const { cohortWeight } = settings;
  const hours = own.map(
    (weight, hour) => (weight + cohortWeight * (prior[hour] as number)) / (evidence + cohortWeight),
  );
  return { hours, evidence, source: 'own' };
}

/** Adds up the hours of many customers. Rounding depends on their order, so add them sorted by id. */
export interface ResponseCohort {
  add(customer: ResponseHistory): void;
  /** The profile of all customers, which sums to 1. Null without a response. */
  hours(): number[] | null;
}

/** Creates an empty cohort. Responses lose weight with their age at `now`. */
export function createCohort(now: Instant, settings: HourSettings = DEFAULT_HOUR_SETTINGS): ResponseCohort {
  const sum: HourCounts = { caused: createZeros(), free: createZeros(), exposure: createZeros() };
  return {
    add(customer) {
      const counted = countByHour(customer, now, settings);
      for (const name of COUNT_NAMES)
        for (const [hour, weight] of counted[name].entries())
          if (weight > 0) sum[name][hour] = (sum[name][hour] as number) + weight;
    },
    // The kernel is linear: smoothing the sum equals summing the smoothed counts.
    hours: () => toShares(correctForExposure(smoothCounts(sum, settings))),
  };
}

/** Computes the profile of all these customers together; null without a response. */
export function computeCohortHours(
  customers: readonly ResponseHistory[],
  now: Instant,
  settings: HourSettings = DEFAULT_HOUR_SETTINGS,
): number[] | null {
  const cohort = createCohort(now, settings);
  for (const customer of customers) cohort.add(customer);
  return cohort.hours();
}

const COUNT_NAMES = ['caused', 'free', 'exposure'] as const;

/** Weights by hour of the local week. */
interface HourCounts {
  /** Responses to messages. */
  caused: number[];
  /** Responses without a message. */
  free: number[];
  /** Messages sent. */
  exposure: number[];
}

function countByHour(
  { responses, sentAt, zone }: ResponseHistory,
  now: Instant,
  { halfLife }: HourSettings,
): HourCounts {
  const human = responses.filter(({ automated }) => !automated);
  const listInstants = (caused: boolean) =>
    human.filter((response) => response.caused === caused).map(({ at }) => at);
  return {
    caused: sumFadedHours(listInstants(true), zone, now, halfLife),
    free: sumFadedHours(listInstants(false), zone, now, halfLife),
    exposure: sumFadedHours(sentAt, zone, now, halfLife),
  };
}

function smoothCounts({ caused, free, exposure }: HourCounts, { width }: HourSettings): HourCounts {
  return {
    caused: smoothHours(caused, width),
    free: smoothHours(free, width),
    exposure: smoothHours(exposure, width),
  };
}

function correctForExposure({ caused, free, exposure }: HourCounts): number[] {
  return divideByExposure(caused, exposure).map((weight, hour) => weight + (free[hour] as number));
}

/**
 * Responses divided by exposure, scaled back to the same total. The rate of an hour with little exposure is moved
 * towards the mean rate, so that one lucky response doesn't make it the best hour, nor a lack of messages the worst.
 */
function divideByExposure(responses: readonly number[], exposure: readonly number[]): number[] {
  const totalExposure = sumWeights(exposure);
  const totalResponses = sumWeights(responses);
  if (totalExposure === 0 || totalResponses === 0) return [...responses];
  const pseudoExposure = (TRUSTED_SHARE * totalExposure) / HOURS_A_WEEK;
  const mean = totalResponses / totalExposure;
  const rates = responses.map(
    (weight, hour) => (weight + pseudoExposure * mean) / ((exposure[hour] as number) + pseudoExposure),
  );
  const scale = totalResponses / sumWeights(rates);
  return rates.map((rate) => rate * scale);
}

/** Scales weights to sum 1; null if they sum to 0, or aren't one per hour. */
function toShares(weights: readonly number[] | null): number[] | null {
  if (weights === null || weights.length !== HOURS_A_WEEK) return null;
  const sum = sumWeights(weights);
  return sum > 0 && Number.isFinite(sum) ? weights.map((weight) => weight / sum) : null;
}

function createZeros(): number[] {
  return new Array(HOURS_A_WEEK).fill(0);
}

function createUniformShares(): number[] {
  return createZeros().fill(1 / HOURS_A_WEEK);
}
