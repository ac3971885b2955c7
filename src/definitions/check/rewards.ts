import type { ActionDef, JourneyDef, PlacementDef, WorkspaceDef } from '../../domain/definition.ts';
import type { ActionSource } from '../source/action-schema.ts';
import { joinPath } from '../source/problem.ts';
import type { CompiledDefinition } from './definition.ts';

/**
 * Sets whose events an action's reward counts, for rewards without a `match`: as in triggers, `key` if every journey that
 * offers the action has a key, otherwise `customer`. A placement has no key, nor has a journey without one.
 */
export function resolveRewardMatches(
  actions: CompiledDefinition<ActionDef>[],
  journeys: CompiledDefinition<JourneyDef>[],
  placements: CompiledDefinition<PlacementDef>[],
): void {
  for (const { def, source, context } of actions) {
    if (!def.reward) continue;
    const declaredMatch = (source.value as ActionSource).reward?.match;
    const offering = journeys.filter((journey) => offers(journey.def, def.id));
    const keyless = offering.find((journey) => journey.def.key === null)?.def.id;
    const placed = placements.find((placement) => placement.def.actions.includes(def.id))?.def.id;
    if (declaredMatch === undefined && offering.length > 0 && keyless === undefined && placed === undefined)
      def.reward = { ...def.reward, match: 'key' };
    if (declaredMatch !== 'key') continue;
    if (keyless !== undefined)
      context.error(
        'reward.match',
        `journey '${keyless}' has no key: use customer, or add a key to the journey`,
      );
    else if (placed !== undefined)
      context.error('reward.match', `placement '${placed}' has no key: use customer`);
  }
}

/** Warns where a model decides about actions without a reward. Only marketing matters: rules decide about the rest. */
export function checkRewards(
  workspace: WorkspaceDef,
  actions: CompiledDefinition<ActionDef>[],
  journeys: CompiledDefinition<JourneyDef>[],
  placements: CompiledDefinition<PlacementDef>[],
): void {
  const defs = new Map(actions.map(({ def }) => [def.id, def]));
  const unlearnable = (ids: readonly string[]) =>
    ids.filter((id) => {
      const action = defs.get(id);
      return action?.class === 'marketing' && action.reward === null;
    });
  const warn = (
    at: CompiledDefinition<unknown>,
    path: string,
    own: string | null,
    ids: readonly string[],
  ) => {
    const autonomy = own ?? workspace.autonomy;
    const without = autonomy === 'rules_only' ? [] : unlearnable(ids);
    if (without.length === 0) return;
    at.context.warn(
      own === null ? path : joinPath(path, 'autonomy'),
      `${autonomy} can't learn about ${without.join(', ')}: add a reward to each`,
    );
  };
  for (const journey of journeys) {
    journey.def.steps.forEach((step, index) => {
      if (step.kind === 'decide') warn(journey, `steps[${index}].decide`, step.autonomy, step.actions);
    });
  }
  for (const placement of placements) warn(placement, '', placement.def.autonomy, placement.def.actions);
}

function offers(journey: JourneyDef, action: string): boolean {
  return journey.steps.some((step) => step.kind === 'decide' && step.actions.includes(action));
}
