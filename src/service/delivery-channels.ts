import { channelsAtStep } from '../domain/action-channels.ts';
import { AGENT_DESK } from '../domain/candidate.ts';
import type { Bundle } from '../domain/definition.ts';

/**
 * The channels by which journeys of the bundle send: those that need a worker and a provider. Placements answer over the
 * API, and people work at their desk.
 */
export function listDeliveryChannels({
  journeys,
  actions,
  workspace,
}: Pick<Bundle, 'journeys' | 'actions' | 'workspace'>): string[] {
  const byId = new Map(actions.map((action) => [action.id, action]));
  const channels = journeys.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (step.kind !== 'decide') return [];
      return step.actions.flatMap((id) => {
        const action = byId.get(id);
        return action ? channelsAtStep(step, action) : [];
      });
    }),
  );
  return [...new Set(channels)]
    .filter((id) => id !== AGENT_DESK && workspace.channels[id]?.via !== 'desk')
    .sort();
}
