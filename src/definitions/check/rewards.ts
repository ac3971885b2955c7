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
    const placement = placements.find(({ def: other }) => other.actions.includes(def.id))?.def.id;
    if (
      declaredMatch === undefined &&
      offering.length > 0 &&
      keyless === undefined &&
      placement === undefined
    )
      def.reward = { ...def.reward, match: 'key' };
    if (declaredMatch !== 'key') continue;
    if (keyless !== undefined)
      context.error(
        'reward.match',
        `journey '${keyless}' has no key: use customer, or add a key to the journey`,
      );
    else if (placement !== undefined)
      context.error('reward.match', `placement '${placement}' has no key: use customer`);
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
  const listWithoutReward = (ids: readonly string[]) =>
    ids.filter((id) => {
      const action = defs.get(id);
      return action?.class === 'marketing' && action.reward === null;
    });
  const warn = (
    definition: CompiledDefinition<unknown>,
    path: string,
    ownAutonomy: string | null,
    ids: readonly string[],
  ) => {
    const autonomy = ownAutonomy ?? workspace.autonomy;
    const withoutReward = autonomy === 'rules_only' ? [] : listWithoutReward(ids);
    if (withoutReward.length === 0) return;
    definition.context.warn(
      ownAutonomy === null ? path : joinPath(path, 'autonomy'),
      `${autonomy} can't learn about ${withoutReward.join(', ')}: add a reward to each`,
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
