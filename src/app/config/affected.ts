import type { ParkedCount } from '../../../db/journeys/parked-customers.ts';
import type { BundleEdit } from '../../definitions/diff/edit.ts';
import { equalJson } from '../../definitions/diff/equal-json.ts';
import { withoutLabels } from '../../definitions/diff/without-labels.ts';
import type { Bundle, JourneyDef, Step } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';

/** What an edit does to the customers at one step of a journey. */
export const EDIT_EFFECTS = ['unchanged', 'changed', 'moved', 'ended', 'pinned'] as const;
type EditEffect = (typeof EDIT_EFFECTS)[number];

export interface AffectedGroup extends ParkedCount {
  effect: EditEffect;
  /** The step that they move to, or `exit`; null: they are not moved. */
  destination: string | null;
  /** What happens to the customers, in a sentence. */
  rule: string;
}

const RULES = {
  unchanged: 'nothing changes at their step',
  ended: 'they leave with reason journey_removed, and what is planned for them is cancelled',
  pinned: 'they end under the version that they entered',
  /** An action that the step offers has changed. */
  action: 'all later decisions go by the new actions; what is already planned goes out as it was decided',
} as const;

/** How the edits of a bundle affect the customers in journeys. `active` is null before the first bundle. */
export function computeAffected(
  parked: ParkedCount[],
  active: Bundle | null,
  next: Bundle,
  edits: BundleEdit[],
): AffectedGroup[] {
  return parked.map((group) => ({ ...group, ...computeEffect(group, active, next, edits) }));
}

function computeEffect(
  group: ParkedCount,
  active: Bundle | null,
  next: Bundle,
  edits: BundleEdit[],
): Pick<AffectedGroup, 'effect' | 'destination' | 'rule'> {
  const as = (effect: EditEffect, rule: string, destination: string | null = null) => ({
    effect,
    destination,
    rule,
  });
  if (group.pinned) return as('pinned', RULES.pinned);
  const journey = findJourney(next, group.journey);
  if (!journey) return as('ended', RULES.ended);
  const step = findStep(journey, group.step);
  if (!step && group.state !== 'control') {
    const to = getOwn(journey.moved, group.step) ?? 'exit';
    return as('moved', to === 'exit' ? 'they leave' : `they go to '${to}'`, to);
  }
  const rules = edits.filter((edit) => concerns(edit, group)).map((edit) => edit.consequence);
  if (step && active && !hasSameActions(active, next, step)) rules.push(RULES.action);
  return rules.length === 0
    ? as('unchanged', RULES.unchanged)
    : as('changed', [...new Set(rules)].join('; '));
}

/** Goal and exits concern all enrollments, a step the customers on it. Controls are on no step. */
function concerns({ kind, journey, step }: BundleEdit, group: ParkedCount): boolean {
  if (journey !== group.journey) return false;
  if (kind === 'goal_changed' || kind === 'exit_changed') return true;
  return (
    (kind === 'wait_changed' || kind === 'step_changed') && step === group.step && group.state !== 'control'
  );
}

function findJourney(bundle: Bundle, id: string): JourneyDef | undefined {
  return bundle.journeys.find((journey) => journey.id === id);
}

function findStep(journey: JourneyDef, id: string): Step | undefined {
  return journey.steps.find((step) => step.id === id);
}

/** A decide step has changed if its actions have. */
function hasSameActions(active: Bundle, next: Bundle, step: Step): boolean {
  if (step.kind !== 'decide') return true;
  const offered = (bundle: Bundle) =>
    bundle.actions.filter((action) => step.actions.includes(action.id)).map(withoutLabels);
  return equalJson(offered(active), offered(next));
}
