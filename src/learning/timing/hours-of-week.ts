import { DAY, HOUR, type Instant, type Millis } from '../../domain/time/time.ts';
import { toLocal, type Zone } from '../../domain/time/zone.ts';
import { exp, exp2 } from '../../maths/elementary.ts';

/** Hours of the local week: 0 is Sunday, midnight to one. */
export const HOURS_A_WEEK = 168;

export interface HourSettings {
  /** Width of the kernel, in hours: a customer who responds at nine is likely to respond at ten, too. */
  width: number;
  /** The cohort counts as much as this many responses. */
  cohortWeight: number;
  halfLife: Millis;
  /** With fewer responses than this, the cohort's profile is used alone. */
  minResponses: number;
}

export const DEFAULT_HOUR_SETTINGS: HourSettings = {
  width: 1.5,
  cohortWeight: 20,
  halfLife: 60 * DAY,
  minResponses: 5,
};

/** A human response: an open or click, a reply, a visit. */
export interface CustomerResponse {
  at: Instant;
  /** It is a response to a message, so it could only come after one was sent. */
  caused: boolean;
  /** It came from a proxy, a scanner or an automated system: not counted. */
  automated: boolean;
}

/** The hour of the local week that an instant lies in. 1970-01-01 was a Thursday. */
export function hourOfWeek(zone: Zone, at: Instant): number {
  const hour = Math.floor(toLocal(zone, at) / HOUR) + 4 * 24;
  return ((hour % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;
}

/** Sums the weights of the instants by hour of the local week. An instant loses half its weight every half-life. */
export function sumFadedHours(
  instants: readonly Instant[],
  zone: Zone,
  now: Instant,
  halfLife: Millis,
): number[] {
  const hours: number[] = new Array(HOURS_A_WEEK).fill(0);
  // Sorted, so that the rounding of the sum doesn't depend on the order of arrival.
  for (const at of [...instants].sort((a, b) => a - b)) {
    if (at > now) continue;
    const hour = hourOfWeek(zone, at);
    hours[hour] = (hours[hour] as number) + exp2(-(now - at) / halfLife);
  }
  return hours;
}

/** Spreads each hour over its neighbours with a Gaussian kernel that wraps around the week. Keeps the sum. */
export function smoothHours(hours: readonly number[], width: number): number[] {
  const kernel = buildKernel(width);
  return hours.map((_, hour) =>
    kernel.reduce((sum, weight, distance) => {
      const other = (((hour + distance) % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;
      return sum + weight * (hours[other] as number);
    }, 0),
  );
}

/** Gaussian weights by forward distance in hours, 0 to 167, wrapping around the week. They sum to 1. */
function buildKernel(width: number): number[] {
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
