import { indexBundle, type Watcher } from '../../../domain/bundle-index.ts';
import type { JourneyDef } from '../../../domain/definition.ts';
import { EVENT, type JourneyEvent, toText } from '../../../domain/event.ts';
import type { ExpressionScope } from '../../../domain/facts.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { publishEvent } from '../publish-event.ts';
import { openEnrollment } from './open-enrollment.ts';

/**
 * Evaluates the segments that an entry watches, once per decision. It publishes `Segment Entered` and `Segment Left`,
 * and opens the journeys that watch the change. If the condition fails to evaluate, the customer is outside.
 */
export function evaluateSegments(run: AdvanceRun): void {
  const { segmentWatchers } = indexBundle(run.input.bundle);
  const baseline = listSweptSegments(run.input.events, 'baseline');
  const backfill = listSweptSegments(run.input.events, 'backfill');
  // Once no entry watches a segment, its last evaluation is outdated.
  for (const id of Object.keys(run.state.segments))
    if (!segmentWatchers.has(id)) delete run.state.segments[id];
  for (const [id, watchers] of segmentWatchers) {
    evaluateSegment(run, id, watchers, { baseline: baseline.has(id), backfill: backfill.has(id) });
  }
}

function evaluateSegment(
  run: AdvanceRun,
  id: string,
  watchers: Watcher[],
  sweep: { baseline: boolean; backfill: boolean },
): void {
  // If a marketing journey watches the segment, its condition reads only attributes that marketing may use.
  const isForService = watchers.every((w) => w.journey.class === 'service');
  const inside = isInSegment(run, id, isForService ? 'service' : 'marketing');
  const previous = getOwn(run.state.segments, id);
  if (previous?.inside !== inside) run.state.segments[id] = { inside, since: run.now };

  const isFirst = previous === undefined;
  const entered = inside && !previous?.inside;
  const opened = watchers.filter(({ journey, entry }) => {
    if (entry.on === 'leave') return previous?.inside === true && !inside;
    if (entry.backfill && sweep.backfill && inside) return entered || !wasEnrolled(run, journey);
    return entered && (!isFirst || countsAsEntering(run, journey, entry, sweep.baseline));
  });
  const isChange = isFirst
    ? entered && watchers.some(({ journey, entry }) => countsAsEntering(run, journey, entry, sweep.baseline))
    : previous?.inside !== inside;
  if (isChange) publishChange(run, id, inside);
  for (const { journey } of opened) enterBySegment(run, journey, id, inside);
}

/**
 * Whether being inside at the first evaluation counts as entering the segment. It does if the activation's sweep has
 * already passed without finding the customer inside, or if the customer is newer than the journey. Customers whom the
 * sweep itself finds inside were inside before.
 */
function countsAsEntering(
  run: AdvanceRun,
  journey: JourneyDef,
  entry: Watcher['entry'],
  baseline: boolean,
): boolean {
  if (entry.backfill) return true;
  const { segmentsSwept, knownSince } = run.input.facts;
  return !baseline && (segmentsSwept || knownSince >= journey.activeSince);
}

function wasEnrolled(run: AdvanceRun, { id }: JourneyDef): boolean {
  return [...run.state.enrollments, ...run.plan.endedEnrollments, ...run.input.facts.pastEnrollments].some(
    (e) => e.journey === id,
  );
}

function publishChange(run: AdvanceRun, segment: string, inside: boolean): void {
  run.record.changes.push({ kind: 'segment', segment, inside });
  const name = inside ? EVENT.segmentEntered : EVENT.segmentLeft;
  publishEvent(run, `seg:${segment}:${run.input.decisionRef}`, name, { segment });
}

function enterBySegment(run: AdvanceRun, journey: JourneyDef, segment: string, inside: boolean): void {
  openEnrollment(run, journey, {
    key: null,
    entry: {
      id: `seg:${segment}:${run.input.decisionRef}`,
      name: inside ? EVENT.segmentEntered : EVENT.segmentLeft,
      at: run.now,
      seq: run.processedSeq,
      properties: { segment },
    },
  });
}

/** Whether the customer is inside a segment of the bundle now. False for a segment that does not exist. */
export function isInSegment(run: AdvanceRun, id: string, use: ExpressionScope['use']): boolean {
  const segment = run.input.bundle.segments.find((s) => s.id === id);
  return segment !== undefined && run.holds(segment.when, { enrollment: null, event: null, use });
}

/** Ids of the segments that a sweep lists in its `Entry Due`. */
function listSweptSegments(events: JourneyEvent[], property: 'baseline' | 'backfill'): Set<string> {
  const ids = events
    .filter((event) => event.name === EVENT.entryDue && !event.historical)
    .flatMap(({ properties }) => (Array.isArray(properties[property]) ? properties[property] : []))
    .map(toText);
  return new Set(ids.filter((id) => id !== undefined));
}
