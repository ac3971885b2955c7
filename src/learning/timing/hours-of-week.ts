import { DAY, HOUR, type Instant, type Millis } from '../../domain/time/time.ts';
import { toLocal, type Zone } from '../../domain/time/zone.ts';
import { exp, exp2 } from '../../maths/elementary.ts';

/** Hours of the local week: 0 is Sunday, midnight to one. */
export const HOURS_A_WEEK = 168;

export interface HourSettings {
  /** Width of the kernel, in hours: who answers at nine would at ten. */
  width: number;
  /** How many responses the cohort is worth. */
  cohortWeight: number;
  halfLife: Millis;
  /** Fewer responses than this say nothing of one customer. */
  minResponses: number;
}

export const DEFAULT_HOUR_SETTINGS: HourSettings = {
  width: 1.5,
  cohortWeight: 20,
  halfLife: 60 * DAY,
  minResponses: 5,
};

/** A human answer: an open or click of a person, a reply, a visit. */
export interface CustomerResponse {
  at: Instant;
  /** It answered a message of ours, so it could only come when one had been sent. */
  caused: boolean;
  /** A proxy's or scanner's, or an automated event: not counted. */
  automated: boolean;
}

/** The hour of the local week that an instant lies in. 1970-01-01 was a Thursday. */
export function hourOfWeek(zone: Zone, at: Instant): number {
  const hour = Math.floor(toLocal(zone, at) / HOUR) + 4 * 24;
  return ((hour % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;
}

/** Weight of each hour, older instants fading. */
export function sumFadedHours(ats: readonly Instant[], zone: Zone, now: Instant, half: Millis): number[] {
  const hours: number[] = new Array(HOURS_A_WEEK).fill(0);
  // Sorted, so that the sum of floats doesn't depend on who came first.
  for (const at of [...ats].sort((a, b) => a - b)) {
    if (at > now) continue;
    const hour = hourOfWeek(zone, at);
    hours[hour] = (hours[hour] as number) + exp2(-(now - at) / half);
  }
  return hours;
}

/** Spreads each hour over its neighbours, round the week; the sum stays. */
export function smoothHours(hours: readonly number[], width: number): number[] {
  const kernel = kernelOf(width);
  return hours.map((_, hour) =>
    kernel.reduce((sum, weight, distance) => {
      const other = (((hour + distance) % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;
      return sum + weight * (hours[other] as number);
    }, 0),
  );
}

/** Weight of an hour by its distance forward, 0 to 167, going round. Gaussian, of sum 1. */
function kernelOf(width: number): number[] {
  const weights = Array.from({ length: HOURS_A_WEEK }, (_, forward) => {
    const distance = Math.min(forward, HOURS_A_WEEK - forward);
    return exp(-(distance * distance) / (2 * width * width));
  });
  const sum = sumWeights(weights);
  return weights.map((weight) => weight / sum);
}

export function sumWeights(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}
