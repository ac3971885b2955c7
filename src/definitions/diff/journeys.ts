import type { JourneyDef } from '../../domain/definition.ts';
import { describeEntry, describeExit, describeTrigger, formatShare } from '../describe/summaries.ts';
import { JOURNEY, JOURNEY_KEYS, JOURNEY_VERSIONS, PINNED } from './consequences.ts';
import type { BundleEdit } from './edit.ts';
import { equalJson } from './equal-json.ts';
import { diffSteps } from './steps.ts';

/** Differences of all journeys: removed ones first, then in the order of `after`. */
export function diffJourneys(before: readonly JourneyDef[], after: readonly JourneyDef[]): BundleEdit[] {
  const beforeById = new Map(before.map((journey) => [journey.id, journey]));
  const idsAfter = new Set(after.map((journey) => journey.id));
  const removed = before
    .filter(({ id }) => !idsAfter.has(id))
    .map(({ id, versions }): BundleEdit => {
      const consequence = versions === 'pin' ? JOURNEY.removedPinned : JOURNEY.removed;
      return { kind: 'journey_removed', journey: id, change: `journey ${id}`, consequence };
    });
  const addedAndChanged = after.flatMap((journey): BundleEdit[] => {
    const previous = beforeById.get(journey.id);
    if (previous) return diffJourney(previous, journey);
    const { id } = journey;
    return [{ kind: 'journey_added', journey: id, change: `journey ${id}`, consequence: JOURNEY.added }];
  });
  return [...removed, ...addedAndChanged];
}

function diffJourney(before: JourneyDef, after: JourneyDef): BundleEdit[] {
  const edits: BundleEdit[] = [];
  const add = (kind: BundleEdit['kind'], change: string, consequence: string) =>
    edits.push({ kind, journey: after.id, change, consequence });
  /** Customers inside a pinned journey keep the version that they entered. */
  const unlessPinned = (consequence: string) => (before.versions === 'pin' ? PINNED : consequence);
  if (before.versions !== after.versions)
    add('versions_changed', `versions ${after.versions}`, JOURNEY_VERSIONS[after.versions]);
  if (!equalJson(before.enter, after.enter))
    add('entry_changed', after.enter.map(describeEntry).join(' or '), JOURNEY.enter);
  if (!equalJson(before.goal, after.goal)) {
    const goal = after.goal ? describeTrigger(after.goal) : 'no goal';
    add('goal_changed', goal, unlessPinned(JOURNEY.goal));
  }
  if (!equalJson(before.exit, after.exit))
    add('exit_changed', after.exit.map(describeExit).join(' or '), unlessPinned(JOURNEY.exit));
  if (before.holdout !== after.holdout) {
    const change = `${formatShare(before.holdout)} → ${formatShare(after.holdout)}`;
    add('holdout_changed', change, JOURNEY.holdout);
  }
  for (const key of Object.keys(JOURNEY_KEYS) as (keyof typeof JOURNEY_KEYS)[]) {
    if (equalJson(before[key], after[key])) continue;
    add('journey_changed', `${key}: ${JSON.stringify(after[key] ?? null)}`, JOURNEY_KEYS[key]);
  }
  return [...edits, ...diffSteps(before, after)];
}
