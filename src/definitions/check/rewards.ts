import type { ActionDef, JourneyDef, PlacementDef, WorkspaceDef } from '../../domain/definition.ts';
import type { ActionSource } from '../source/action-schema.ts';
import { joinPath } from '../source/problem.ts';
import type { CompiledDefinition } from './definition.ts';

/** What a model learns from: rewards, seen with all definitions at hand. */

/**
 * Whose events an action's reward counts, where it doesn't say: as for triggers `key` if the journey has one, else
 * `customer`. An action that journeys without a key offer, too, or that a placement shows, has none to go by.
 */
export function resolveRewardMatches(
  actions: CompiledDefinition<ActionDef>[],
  journeys: CompiledDefinition<JourneyDef>[],
  placements: CompiledDefinition<PlacementDef>[],
): void {
  for (const { def, source, context } of actions) {
    if (!def.reward) continue;
    const said = (source.value as ActionSource).reward?.match;
    const by = journeys.filter((journey) => offers(journey.def, def.id));
    const keyless = by.find((journey) => journey.def.key === null)?.def.id;
    const placed = placements.find((placement) => placement.def.actions.includes(def.id))?.def.id;
    if (said === undefined && by.length > 0 && keyless === undefined && placed === undefined)
      def.reward = { ...def.reward, match: 'key' };
    if (said !== 'key') continue;
    if (keyless !== undefined)
      context.error(
        'reward.match',
        `journey '${keyless}' has no key: use customer, or add a key to the journey`,
      );
    else if (placed !== undefined)
      context.error('reward.match', `placement '${placed}' has no key: use customer`);
  }
}

/** Warns where a model decides about what it can never learn of. Above marketing, rules decide anyway. */
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
