import { indexBundle, type Watcher } from '../../../domain/bundle-index.ts';
import type { JourneyDef } from '../../../domain/definition.ts';
import { EVENT, type JourneyEvent, toText } from '../../../domain/event.ts';
import type { ExpressionScope } from '../../../domain/facts.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { publishEvent } from '../publish-event.ts';
import { openEnrollment } from './open-enrollment.ts';

/**
 * Looks once per decision at the segments that some entry watches: tells of who came in or went out, and opens what
 * that opens. A segment whose condition fails is one that the customer is outside of.
 */
export function evaluateSegments(run: AdvanceRun): void {
  const { segmentWatchers: watchers } = indexBundle(run.input.bundle);
  const baseline = segmentsNamed(run.input.events, 'baseline');
  const backfill = segmentsNamed(run.input.events, 'backfill');
  // What was seen before nobody watched any more says nothing about coming in or going out.
  for (const id of Object.keys(run.state.segments)) if (!watchers.has(id)) delete run.state.segments[id];
  for (const [id, mine] of watchers) {
    lookAt(run, id, mine, { baseline: baseline.has(id), backfill: backfill.has(id) });
  }
}

function lookAt(
  run: AdvanceRun,
  id: string,
  watchers: Watcher[],
  sweep: { baseline: boolean; backfill: boolean },
): void {
  // What a journey of marketing watches is read as marketing may read it, so that nothing leaks into it by a segment.
  const service = watchers.every((w) => w.journey.class === 'service');
  const inside = isInSegment(run, id, service ? 'service' : 'marketing');
  const known = Object.hasOwn(run.state.segments, id) ? run.state.segments[id] : undefined;
  if (known?.inside !== inside) run.state.segments[id] = { inside, since: run.now };

  const first = known === undefined;
  const came = inside && !known?.inside;
  const opened = watchers.filter(({ journey, entry }) => {
    if (entry.on === 'leave') return known?.inside === true && !inside;
    if (entry.backfill && sweep.backfill && inside) return came || !wasIn(run, journey);
    return came && (!first || countsAtFirst(run, journey, entry, sweep.baseline));
  });
  const told = first
    ? came && watchers.some(({ journey, entry }) => countsAtFirst(run, journey, entry, sweep.baseline))
    : known?.inside !== inside;
  if (told) tell(run, id, inside);
  for (const { journey } of opened) enterBySegment(run, journey, id, inside);
}

/**
 * Whether being inside at the first look counts as coming in: the sweep has passed and found nobody of this name, or
 * the customer is younger than the journey. Whom the sweep itself finds inside was there before.
 */
function countsAtFirst(
  run: AdvanceRun,
  journey: JourneyDef,
  entry: Watcher['entry'],
  baseline: boolean,
): boolean {
  if (entry.backfill) return true;
  const { segmentsSwept: swept, knownSince } = run.input.facts;
  return !baseline && (swept || knownSince >= journey.activeSince);
}

function wasIn(run: AdvanceRun, { id }: JourneyDef): boolean {
  return [...run.state.enrollments, ...run.plan.endedEnrollments, ...run.input.facts.pastEnrollments].some(
    (e) => e.journey === id,
  );
}

function tell(run: AdvanceRun, segment: string, inside: boolean): void {
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

/** Whether the customer is inside a segment of the bundle now. */
export function isInSegment(run: AdvanceRun, id: string, use: ExpressionScope['use']): boolean {
  const segment = run.input.bundle.segments.find((s) => s.id === id);
  return segment !== undefined && run.holds(segment.when, { enrollment: null, event: null, use });
}

/** Segments that a sweep names in its `Entry Due`. */
function segmentsNamed(events: JourneyEvent[], property: 'baseline' | 'backfill'): Set<string> {
  const named = events
    .filter((event) => event.name === EVENT.entryDue && !event.historical)
    .flatMap(({ properties }) => (Array.isArray(properties[property]) ? properties[property] : []))
    .map(toText);
  return new Set(named.filter((id) => id !== undefined));
}
