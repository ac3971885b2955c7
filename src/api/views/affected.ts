import type { Parked } from '../../../db/queries/view-parked.ts';
import type { Edit } from '../../definitions/diff.ts';
import { same } from '../../definitions/same.ts';
import type { Bundle, JourneyDef, Step } from '../../domain/definition.ts';
import { own } from '../../domain/own.ts';

/** What an edit does to those who stand at one step of a journey. */
export const EFFECTS = ['unchanged', 'changed', 'moved', 'ended', 'pinned'] as const;
export type Effect = (typeof EFFECTS)[number];

export interface Affected extends Parked {
  effect: Effect;
  /** Where they go if they are moved: a step, or `exit`. */
  destination: string | null;
  /** What happens to them, in sentences. */
  rule: string;
}

const RULES = {
  unchanged: 'nothing changes where they stand',
  ended: 'they leave with reason journey_removed, and what is planned for them is cancelled',
  pinned: 'they end under the version that they entered',
  /** Of an action that the step offers. */
  action: 'all later decisions go by the new actions; what is already planned goes out as it was decided',
} as const;

/** Says of all who are parked how an edit concerns them. `active` is null before the first bundle. */
export function affectedBy(parked: Parked[], active: Bundle | null, next: Bundle, edits: Edit[]): Affected[] {
  return parked.map((group) => ({ ...group, ...effectOn(group, active, next, edits) }));
}

function effectOn(
  group: Parked,
  active: Bundle | null,
  next: Bundle,
  edits: Edit[],
): Pick<Affected, 'effect' | 'destination' | 'rule'> {
  const as = (effect: Effect, rule: string, destination: string | null = null) => ({
    effect,
    destination,
    rule,
  });
  if (group.pinned) return as('pinned', RULES.pinned);
  const journey = journeyOf(next, group.journey);
  if (!journey) return as('ended', RULES.ended);
  const step = stepOf(journey, group.step);
  if (!step && group.state !== 'control') {
    const to = own(journey.moved, group.step) ?? 'exit';
    return as('moved', to === 'exit' ? 'they leave' : `they go to '${to}'`, to);
  }
  const rules = edits.filter((edit) => concerns(edit, group)).map((edit) => edit.rule);
  if (step && active && !sameActions(active, next, step)) rules.push(RULES.action);
  return rules.length === 0
    ? as('unchanged', RULES.unchanged)
    : as('changed', [...new Set(rules)].join('; '));
}

/** Goal and exits concern everybody who is in, a step those who stand there; a control stands nowhere. */
function concerns({ kind, journey, step }: Edit, group: Parked): boolean {
  if (journey !== group.journey) return false;
  if (kind === 'goal_changed' || kind === 'exit_changed') return true;
  return (
    (kind === 'wait_changed' || kind === 'step_changed') && step === group.step && group.state !== 'control'
  );
}

function journeyOf(bundle: Bundle, id: string): JourneyDef | undefined {
  return bundle.journeys.find((journey) => journey.id === id);
}

function stepOf(journey: JourneyDef, id: string): Step | undefined {
  return journey.steps.find((step) => step.id === id);
}

/** A decide step is also what it offers. */
function sameActions(active: Bundle, next: Bundle, step: Step): boolean {
  if (step.kind !== 'decide') return true;
  const offered = (bundle: Bundle) => bundle.actions.filter((action) => step.actions.includes(action.id));
  return same(offered(active), offered(next));
}
