import type { ReadConversion } from '../../../statistics/attribution/conversions.ts';
import {
  type AttributionTouch,
  buildPaths,
  type CustomerPath,
} from '../../../statistics/attribution/touch-paths.ts';
import type { CellKey, CellSums } from './cell-sums.ts';
import { PeriodCells } from './period-cells.ts';
import type { CountedPeriod } from './periods.ts';

/**
 * What attribution counts for all periods, since a version of the counts. Other events and other look-backs are counted
 * from the rows.
 */
export const COUNTED_ATTRIBUTION = { event: 'Order Completed', lookbackDays: 30, since: 2 };

/** What attribution reads of one customer, of all logs that were merged. */
export interface AttributedCustomer {
  /** Contacts that reached the customer. */
  touches: AttributionTouch[];
  conversions: ReadConversion[];
  /** Oldest first. */
  enrollments: { journey: string; arm: 'treated' | 'control'; excluded: boolean; enteredAt: number }[];
  /** Number of the segment by global holdouts, and since when the customer is known. */
  segment: number;
  knownSince: number;
}

/** When something happened that periods hold. */
export function listAttributedInstants({ touches, conversions, enrollments }: AttributedCustomer): number[] {
  return [...touches, ...conversions]
    .map(({ at }) => at)
    .concat(enrollments.map(({ enteredAt }) => enteredAt));
}

/** Cells of customers, from which `toReportCells` makes those of reports. */
export const PATH_CELLS = 'paths';

/**
 * Paths to conversions, customers who were reached and who converted (of all, and of each journey), and conversions by
 * arm of the experiments. Pure and the same for counts and for a count from the rows.
 */
export function addAttributionCells(
  sums: CellSums,
  customer: AttributedCustomer,
  periods: readonly CountedPeriod[],
  lookback: number,
): void {
  const cells = new PeriodCells();
  const firsts = findFirstEntries(customer);
  const paths = new Map<number, CustomerPath[]>();
  for (const period of periods) {
    if (!isConcerned(customer, period)) continue;
    addReached(cells, customer, firsts, period);
    addCaused(cells, customer, period);
    const until = paths.get(period.to) ?? buildPathsUntil(customer, period.to, lookback);
    paths.set(period.to, until);
    for (const path of until) {
      const endedAt = path.convertedAt ?? path.touches.at(-1)?.at ?? 0;
      if (endedAt < period.from) continue;
      const lost = path.convertedAt === null ? 1 : 0;
      cells.add(PATH_CELLS, period.name, toPathKey(path, firsts), lost, path.conversions, path.value);
    }
  }
  cells.addTo(sums);
}

function isConcerned(
  { touches, conversions, enrollments }: AttributedCustomer,
  { from, to }: CountedPeriod,
): boolean {
  const isWithin = (at: number) => at >= from && at < to;
  return (
    touches.some(({ at }) => isWithin(at)) ||
    conversions.some(({ at }) => isWithin(at)) ||
    enrollments.some(({ enteredAt }) => isWithin(enteredAt))
  );
}

/** When the customer first entered each journey. */
function findFirstEntries({ enrollments }: AttributedCustomer): Map<string, number> {
  const firsts = new Map<string, number>();
  for (const { journey, enteredAt } of enrollments) if (!firsts.has(journey)) firsts.set(journey, enteredAt);
  return firsts;
}

function buildPathsUntil({ touches, conversions }: AttributedCustomer, to: number, lookback: number) {
  const isBefore = ({ at }: { at: number }) => at < to;
  return buildPaths(touches.filter(isBefore), conversions.filter(isBefore), lookback);
}

/**
 * The journeys that the customer had entered before the conversion, and of each touch its channel, action, journey and
 * the time until the last touch. The time of the path itself is not part of it.
 */
function toPathKey({ touches, convertedAt }: CustomerPath, firsts: ReadonlyMap<string, number>): CellKey {
  const entered = [...firsts].flatMap(([journey, at]) =>
    convertedAt !== null && at <= convertedAt ? [journey] : [],
  );
  const last = touches.at(-1)?.at ?? 0;
  return [
    entered.sort(),
    ...touches.map(({ channel, action, journey = null, at }) => [channel, action, journey, last - at]),
  ];
}

/** The touches of a path, with their times before the last one, and the journeys that were entered before. */
export function readPathKey([entered, ...touches]: CellKey): {
  entered: string[];
  touches: AttributionTouch[];
} {
  return {
    entered: entered as string[],
    touches: (touches as [string, string | null, string | null, number][]).map(
      ([channel, action, journey, gap]) => ({ channel, action, journey, at: -gap }),
    ),
  };
}

/** Name of the cells of all contacts, or of those of a journey. */
export function ofJourney(report: string, journey: string | null): string {
  return journey === null ? report : `${report}.${journey}`;
}

/** Whether the customer was contacted within the period, whether they converted, and conversions in other currencies. */
function addReached(
  cells: PeriodCells,
  { touches, conversions }: AttributedCustomer,
  firsts: ReadonlyMap<string, number>,
  { name, from, to }: CountedPeriod,
): void {
  const touched = touches.filter(({ at }) => at >= from && at < to);
  const journeys = new Set([...firsts.keys(), ...touched.flatMap(({ journey }) => journey ?? [])]);
  for (const journey of [null, ...journeys]) {
    const since = journey === null ? from : Math.max(from, firsts.get(journey) ?? to);
    const own = conversions.filter(({ at }) => at >= since && at < to);
    const isTouched = touched.some((touch) => journey === null || touch.journey === journey);
    const foreign = own.filter(({ isForeign }) => isForeign).length;
    if (isTouched || own.length > 0)
      cells.add(ofJourney('reached', journey), name, [], isTouched ? 1 : 0, own.length > 0 ? 1 : 0, foreign);
  }
}

/** Conversions since the first entry within the period, by arm; and all of the period, by segment. */
function addCaused(
  cells: PeriodCells,
  customer: AttributedCustomer,
  { name, from, to }: CountedPeriod,
): void {
  const { conversions, enrollments, segment, knownSince } = customer;
  const sum = (since: number) => {
    const own = conversions.filter(({ at }) => at >= since && at < to);
    const value = own.reduce((all, conversion) => all + conversion.value, 0);
    return [own.length, own.length ** 2, value, BigInt(value) ** 2n] as const;
  };
  const all = sum(from);
  if (knownSince < to && all[0] > 0) cells.add('caused', name, [segment], ...all);
  const seen = new Set<string>();
  for (const { journey, arm, excluded, enteredAt } of enrollments) {
    if (enteredAt < from || enteredAt >= to || seen.has(journey)) continue;
    seen.add(journey);
    if (!excluded) cells.add(ofJourney('caused', journey), name, [arm], 1, ...sum(enteredAt));
  }
}
