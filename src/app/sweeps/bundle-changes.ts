import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle, Entry, JourneyDef } from '../../domain/definition.ts';
import type { ExpressionScope } from '../../domain/facts.ts';

type SegmentEntry = Extract<Entry, { kind: 'segment' }>;

/** The changes of a bundle, as far as the sweep after its activation must send customers an `Entry Due`. */
export interface BundleChanges {
  /** Every segment that an entry watches. */
  watched: WatchedSegment[];
  /** Watched segments that no entry watched before, or whose condition has changed: being inside isn't an entry yet. */
  fresh: Set<string>;
  /** Journeys that take in the customers who already are inside a segment. */
  backfill: { journey: string; segment: string }[];
  /** Date entries that are new or have changed. */
  dates: { date: string; use: ExpressionScope['use'] }[];
}

/** A segment and the data its condition may read: only data for marketing, if a marketing journey watches it. */
export interface WatchedSegment {
  id: string;
  use: ExpressionScope['use'];
}

/** Compares a bundle with the one of the last finished sweep; null when there was none. */
export function compareBundles(bundle: Bundle, before: Bundle | null): BundleChanges {
  const watched = listWatchedSegments(bundle);
  const watchedBefore = new Set(before ? listWatchedSegments(before).map(({ id }) => id) : []);
  const isChanged = (id: string) => findCondition(bundle, id) !== (before && findCondition(before, id));
  return {
    watched,
    fresh: new Set(watched.map(({ id }) => id).filter((id) => !watchedBefore.has(id) || isChanged(id))),
    backfill: bundle.journeys.flatMap((journey) =>
      listSegmentEntries(journey)
        .filter((entry) => entry.on === 'enter' && entry.backfill)
        .filter(({ segment }) => isChanged(segment) || !wasBackfilled(before, journey.id, segment))
        .map(({ segment }) => ({ journey: journey.id, segment })),
    ),
    dates: bundle.journeys.flatMap((journey) =>
      journey.enter
        .filter((entry, index) => !isEqual(entry, findEntry(before, journey.id, index)))
        .filter((entry) => entry.kind === 'date')
        .map(({ date }) => ({ date, use: dataUseOf(journey) })),
    ),
  };
}

/** Lists the segments that an entry watches, each once. */
export function listWatchedSegments({ journeys }: Bundle): WatchedSegment[] {
  const uses = new Map<string, ExpressionScope['use']>();
  for (const journey of journeys) {
    for (const { segment } of listSegmentEntries(journey))
      if (uses.get(segment) !== 'marketing') uses.set(segment, dataUseOf(journey));
  }
  return [...uses].map(([id, use]) => ({ id, use }));
}

function listSegmentEntries({ enter }: JourneyDef): SegmentEntry[] {
  return enter.filter((entry): entry is SegmentEntry => entry.kind === 'segment');
}

function findCondition({ segments }: Bundle, id: string): string | undefined {
  return segments.find((segment) => segment.id === id)?.when;
}

/** Whether the journey has already taken in every customer inside this segment. */
function wasBackfilled(before: Bundle | null, id: string, segment: string): boolean {
  const journey = before?.journeys.find((journey) => journey.id === id);
  if (!journey) return false;
  return listSegmentEntries(journey).some((e) => e.segment === segment && e.on === 'enter' && e.backfill);
}

function findEntry(bundle: Bundle | null, id: string, index: number): Entry | undefined {
  return bundle?.journeys.find((journey) => journey.id === id)?.enter[index];
}

/** Compares two entries whatever the order of their keys: the database and the compiler order them differently. */
function isEqual(a: Entry | undefined, b: Entry | undefined): boolean {
  const text = (entry: Entry | undefined) => JSON.stringify(Object.entries(entry ?? {}).sort());
  return text(a) === text(b);
}
