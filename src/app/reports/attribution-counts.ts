import { setImmediate } from 'node:timers/promises';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  type Credit,
  divideCredit,
  type PathSums,
  readMarkovOrder,
  sumConversions,
} from '../../statistics/attribution/attribute.ts';
import {
  type AttributionReport,
  buildAttributionReport,
} from '../../statistics/attribution/attribution-report.ts';
import type { IncrementalEffect } from '../../statistics/attribution/incremental-effect.ts';
import { TooManyStates, type Transition } from '../../statistics/attribution/markov.ts';
import type { MarkovOrder } from '../../statistics/attribution/path-sums.ts';
import type { TouchpointKind } from '../../statistics/attribution/touch-paths.ts';
import { listMarketingJourneys } from './arms.ts';
import {
  type CausedCell,
  type CausedOutcomes,
  computeGlobalEffect,
  computeJourneyEffect,
  NO_CONTROL,
  type SegmentCounts,
} from './caused.ts';
import { ofJourney } from './count/attribution-cells.ts';
import type { CellKey } from './count/cell-sums.ts';
import { namePathSums } from './count/report-cells.ts';

/** What an attribution report is about, in some period. */
export interface AttributionQuery {
  by: TouchpointKind;
  models: readonly AttributionModel[];
  journey: JourneyDef | null;
  bundle: Bundle;
}

/** Sums of one period, from the counted tables or from the rows. */
export interface AttributionCounts {
  cells(report: string): ExactCell[];
  /** At most one more than `MOST_TRANSITIONS`. */
  chain(report: string): Promise<ExactCell[]>;
  segments: SegmentCounts;
}

/** A cell with sums that are exact. */
export interface ExactCell {
  key: CellKey;
  sums: bigint[];
}

export interface AttributionResult {
  report: AttributionReport;
  /** Incremental conversions; the report has the incremental value. */
  conversions: { total: IncrementalEffect; byTouchpoint: ReadonlyMap<string, IncrementalEffect> };
  refused: { model: AttributionModel; reason: string }[];
  touched: number;
  converted: number;
  foreign: number;
}

/** Names of the cells that a report reads, without those of Markov chains. */
export function listAttributionCells({ by, journey, bundle }: AttributionQuery): string[] {
  const id = journey?.id ?? null;
  return [
    namePathSums('credit', by, id),
    namePathSums('direct', by, id),
    ofJourney('reached', id),
    ...(journey ? [] : ['caused']),
    ...listWatchedJourneys({ by, journey, bundle }).map((watched) => ofJourney('caused', watched)),
  ];
}

/** Journeys whose experiments the report shows. */
export function listWatchedJourneys({ journey, by, bundle }: Omit<AttributionQuery, 'models'>): string[] {
  if (journey) return [journey.id];
  if (by !== 'journey') return [];
  return listMarketingJourneys(bundle).map(({ id }) => id);
}

/** C-10: credit for the conversions of a period, and the incremental effect, from its sums. */
export async function buildAttribution(
  query: AttributionQuery,
  counts: AttributionCounts,
): Promise<AttributionResult> {
  const { by, journey, bundle } = query;
  const id = journey?.id ?? null;
  const sums = readPathSums(counts, by, id);
  const { credits, refused } = await computeCredits(sums, query, counts);
  const byJourney = new Map<string, CausedOutcomes>();
  for (const watched of listWatchedJourneys(query)) {
    const cells = counts.cells(ofJourney('caused', watched));
    if (cells.length > 0) byJourney.set(watched, computeJourneyEffect(bundle, watched, toCaused(cells)));
  }
  const total = journey
    ? (byJourney.get(journey.id) ?? NO_CONTROL)
    : computeGlobalEffect(counts.segments, toCaused(counts.cells('caused')));
  const touchpoints = by === 'journey' ? byJourney : new Map<string, CausedOutcomes>();
  const of = (what: keyof CausedOutcomes) =>
    new Map([...touchpoints].map(([name, both]) => [name, both[what]]));
  const [reached] = counts.cells(ofJourney('reached', id));
  const [touched = 0, converted = 0, foreign = 0] = (reached?.sums ?? []).map(Number);
  return {
    report: buildAttributionReport(
      sumConversions(sums),
      { total: total.value, byTouchpoint: of('value') },
      credits,
    ),
    conversions: { total: total.conversions, byTouchpoint: of('conversions') },
    refused,
    touched,
    converted,
    foreign,
  };
}

function readPathSums({ cells }: AttributionCounts, by: TouchpointKind, journey: string | null): PathSums {
  const [direct] = cells(namePathSums('direct', by, journey));
  const [conversions = 0, value = 0] = (direct?.sums ?? []).map(Number);
  return {
    credit: new Map(
      cells(namePathSums('credit', by, journey)).map(({ key, sums }) => [key[0] as string, sums]),
    ),
    direct: { conversions, value },
  };
}

/** One model after the other, so that the process answers other requests in between. */
async function computeCredits(
  sums: PathSums,
  { models, by, journey }: AttributionQuery,
  { chain }: AttributionCounts,
) {
  const credits = new Map<AttributionModel, Credit[]>();
  const refused: AttributionResult['refused'] = [];
  const read = (sum: string) => chain(namePathSums(sum, by, journey?.id ?? null));
  const short = models.some((model) => readMarkovOrder(model) !== null) ? await read('chain') : [];
  const readChain = async (order: MarkovOrder | null) =>
    order === null ? [] : [...short, ...(await read(`chain${order}`))].map(toTransition);
  for (const model of ATTRIBUTION_MODELS.filter((item) => models.includes(item))) {
    await setImmediate();
    const transitions = await readChain(readMarkovOrder(model));
    try {
      credits.set(model, divideCredit(sums, model, transitions));
    } catch (error) {
      if (!(error instanceof TooManyStates)) throw error;
      refused.push({ model, reason: error.message });
    }
  }
  return { credits, refused };
}

function toTransition({ key, sums: [times = 0n, converting = 0n] }: ExactCell): Transition {
  const names = key as (string | null)[];
  return {
    state: names.slice(0, -1) as string[],
    next: names.at(-1) ?? null,
    times: Number(times),
    converting: Number(converting),
  };
}

function toCaused(cells: ExactCell[]): CausedCell[] {
  return cells.map(({ key: [group], sums }) => ({ group: group as string | number, sums }));
}
