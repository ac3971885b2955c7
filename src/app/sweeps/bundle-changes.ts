import { dataUseOf } from '../../domain/customer/attribute.ts';
import type { Bundle, Entry, JourneyDef } from '../../domain/definition.ts';
import type { ExpressionScope } from '../../domain/facts.ts';

type SegmentEntry = Extract<Entry, { kind: 'segment' }>;

/** What a bundle brings that the one before didn't have, as far as the activation's sweep must tell customers of it. */
export interface BundleChanges {
  /** Every segment that some entry watches. */
  watched: WatchedSegment[];
  /** Those of them that nobody watched before, or that meant something else: being inside is no coming in. */
  fresh: Set<string>;
  /** Entries that take in whoever is inside already, as journey and segment. */
  backfill: { journey: string; segment: string }[];
  /** Date entries that are new or say something else. */
  dates: { date: string; use: ExpressionScope['use'] }[];
}

/** A segment, and what its condition may read: only what marketing may, if a journey of marketing watches it. */
export interface WatchedSegment {
  id: string;
  use: ExpressionScope['use'];
}

/** Compares a bundle with the one that customers were last swept for; null: there was none. */
export function compareBundles(bundle: Bundle, before: Bundle | null): BundleChanges {
  const watched = listWatchedSegments(bundle);
  const known = new Set(before ? listWatchedSegments(before).map(({ id }) => id) : []);
  const changed = (id: string) => whenOf(bundle, id) !== (before && whenOf(before, id));
  return {
    watched,
    fresh: new Set(watched.map(({ id }) => id).filter((id) => !known.has(id) || changed(id))),
    backfill: bundle.journeys.flatMap((journey) =>
      segmentEntries(journey)
        .filter((entry) => entry.on === 'enter' && entry.backfill)
        .filter(({ segment }) => changed(segment) || !backfilled(before, journey.id, segment))
        .map(({ segment }) => ({ journey: journey.id, segment })),
    ),
    dates: bundle.journeys.flatMap((journey) =>
      journey.enter
        .filter((entry, index) => !isEqual(entry, entryOf(before, journey.id, index)))
        .filter((entry) => entry.kind === 'date')
        .map(({ date }) => ({ date, use: dataUseOf(journey) })),
    ),
  };
}

/** The segments that some entry watches, each once. */
export function listWatchedSegments({ journeys }: Bundle): WatchedSegment[] {
  const uses = new Map<string, ExpressionScope['use']>();
  for (const journey of journeys) {
    for (const { segment } of segmentEntries(journey))
      if (uses.get(segment) !== 'marketing') uses.set(segment, dataUseOf(journey));
  }
  return [...uses].map(([id, use]) => ({ id, use }));
}

function segmentEntries({ enter }: JourneyDef): SegmentEntry[] {
  return enter.filter((entry): entry is SegmentEntry => entry.kind === 'segment');
}

function whenOf({ segments }: Bundle, id: string): string | undefined {
  return segments.find((segment) => segment.id === id)?.when;
}

/** Whether the journey already took in everybody inside this segment. */
function backfilled(before: Bundle | null, id: string, segment: string): boolean {
  const journey = before?.journeys.find((one) => one.id === id);
  if (!journey) return false;
  return segmentEntries(journey).some((e) => e.segment === segment && e.on === 'enter' && e.backfill);
}

function entryOf(bundle: Bundle | null, id: string, index: number): Entry | undefined {
  return bundle?.journeys.find((journey) => journey.id === id)?.enter[index];
}

/** Their keys may stand in another order: the database and the compiler each have their own. */
function isEqual(a: Entry | undefined, b: Entry | undefined): boolean {
  const text = (entry: Entry | undefined) => JSON.stringify(Object.entries(entry ?? {}).sort());
  return text(a) === text(b);
}
