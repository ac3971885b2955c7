import { channelsAtStep } from '../../domain/action-channels.ts';
import type { Bundle } from '../../domain/definition.ts';

/**
 * The channels by which journeys of the bundle send: those that need a worker and a provider. Placements answer over the
 * API, and people work at their desk.
 */
export function listDeliveryChannels({ journeys, actions, workspace }: Bundle): string[] {
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
  return [...new Set(channels)].filter((id) => workspace.channels[id]?.via !== 'desk').sort();
}
