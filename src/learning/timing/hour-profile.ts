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

/** With this share of the mean exposure, an hour's own rate counts as much as the mean rate. */
const TRUSTED_SHARE = 0.25;

/** What a customer answered, and when they were written to, in their own zone. */
export interface ResponseHistory {
  responses: readonly CustomerResponse[];
  /** When messages were sent to them, whether answered or not. */
  sentAt: readonly Instant[];
  zone: Zone;
}

export interface HourProfile {
  /** Chance of each hour of the local week to be the one in which the customer answers; of sum 1. */
  hours: number[];
  /** Responses that it rests on, older ones counting less. */
  evidence: number;
  /** `own`: the customer's answers beside the cohort's; `cohort`: too few of them; `none`: nothing is known. */
  source: 'own' | 'cohort' | 'none';
}

/**
 * score(h) = (n·own(h) + κ·cohort(h)) / (n + κ), where `own` are the customer's answers, spread by a kernel, and those
 * that we caused divided by how often we had sent around that hour. Else the best hour would be the one that we always
 * sent at.
 */
export function buildHourProfile(
  answers: ResponseHistory,
  cohort: readonly number[] | null,
  now: Instant,
  settings: HourSettings = DEFAULT_HOUR_SETTINGS,
): HourProfile {
  const counted = countAnswers(answers, now, settings);
  const evidence = sumWeights(counted.caused) + sumWeights(counted.free);
  const known = shares(cohort);
  const prior = known ?? uniform();
  if (evidence < settings.minResponses) return { hours: prior, evidence, source: known ? 'cohort' : 'none' };
  const own = corrected(counted);
  const { cohortWeight } = settings;
  const hours = own.map(
    (weight, hour) => (weight + cohortWeight * (prior[hour] as number)) / (evidence + cohortWeight),
  );
  return { hours, evidence, source: 'own' };
}

/** Counts the hours of many customers, one after the other. The order changes the last digits; come by id. */
export interface ResponseCohort {
  add(customer: ResponseHistory): void;
  /** A profile of sum 1: the prior for each of them. Null when nobody ever answered. */
  hours(): number[] | null;
}

/** Nobody yet. `now`: older answers count less. */
export function createCohort(now: Instant, settings: HourSettings = DEFAULT_HOUR_SETTINGS): ResponseCohort {
  const sum: Counted = { caused: nothing(), free: nothing(), exposure: nothing() };
  return {
    add(customer) {
      const counted = countRaw(customer, now, settings);
      for (const name of COUNTED)
        for (const [hour, weight] of counted[name].entries())
          if (weight > 0) sum[name][hour] = (sum[name][hour] as number) + weight;
    },
    // The kernel is linear: spread over the sum it is spread over each.
    hours: () => shares(corrected(spread(sum, settings))),
  };
}

/** The hours of these customers. */
export function computeCohortHours(
  customers: readonly ResponseHistory[],
  now: Instant,
  settings: HourSettings = DEFAULT_HOUR_SETTINGS,
): number[] | null {
  const cohort = createCohort(now, settings);
  for (const customer of customers) cohort.add(customer);
  return cohort.hours();
}

const COUNTED = ['caused', 'free', 'exposure'] as const;

interface Counted {
  /** Answers to what we sent. */
  caused: number[];
  /** Answers of their own accord. */
  free: number[];
  /** How much was sent around each hour. */
  exposure: number[];
}

function countAnswers(answers: ResponseHistory, now: Instant, settings: HourSettings): Counted {
  return spread(countRaw(answers, now, settings), settings);
}

/** Each in its very hour. */
function countRaw(
  { responses, sentAt: sent, zone }: ResponseHistory,
  now: Instant,
  { halfLife: half }: HourSettings,
): Counted {
  const human = responses.filter(({ automated: machine }) => !machine);
  const at = (caused: boolean) => human.filter((one) => one.caused === caused).map((one) => one.at);
  return {
    caused: sumFadedHours(at(true), zone, now, half),
    free: sumFadedHours(at(false), zone, now, half),
    exposure: sumFadedHours(sent, zone, now, half),
  };
}

function spread({ caused, free, exposure }: Counted, { width }: HourSettings): Counted {
  return {
    caused: smoothHours(caused, width),
    free: smoothHours(free, width),
    exposure: smoothHours(exposure, width),
  };
}

function corrected({ caused, free, exposure }: Counted): number[] {
  return perExposure(caused, exposure).map((weight, hour) => weight + (free[hour] as number));
}

/**
 * Answers over how often we had asked, scaled back to the same total. An hour that we hardly ever tried is drawn to the
 * mean rate: it is neither the best for one lucky answer nor the worst for want of trying.
 */
function perExposure(answers: readonly number[], exposure: readonly number[]): number[] {
  const asked = sumWeights(exposure);
  const answered = sumWeights(answers);
  if (asked === 0 || answered === 0) return [...answers];
  const little = (TRUSTED_SHARE * asked) / HOURS_A_WEEK;
  const mean = answered / asked;
  const rates = answers.map(
    (weight, hour) => (weight + little * mean) / ((exposure[hour] as number) + little),
  );
  const scale = answered / sumWeights(rates);
  return rates.map((rate) => rate * scale);
}

/** Scaled to sum 1; null if there is nothing to scale. */
function shares(weights: readonly number[] | null): number[] | null {
  if (weights === null || weights.length !== HOURS_A_WEEK) return null;
  const sum = sumWeights(weights);
  return sum > 0 && Number.isFinite(sum) ? weights.map((weight) => weight / sum) : null;
}

function nothing(): number[] {
  return new Array(HOURS_A_WEEK).fill(0);
}

function uniform(): number[] {
  return nothing().fill(1 / HOURS_A_WEEK);
}
