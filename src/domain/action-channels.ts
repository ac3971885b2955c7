import { AGENT_DESK } from './candidate.ts';
import type { ActionDef, DecideStep } from './definition.ts';

/** The channels of an action. An action that a person carries out has the agent desk. */
export function channelsOf({ mode, channels }: Pick<ActionDef, 'mode' | 'channels'>): string[] {
  return mode === 'human' ? [AGENT_DESK] : channels;
}

/** The channels on which a step offers the action. */
export function channelsAtStep({ channels }: DecideStep, action: ActionDef): string[] {
  return channelsOf(action).filter(
    (channel) => channel === AGENT_DESK || channels === null || channels.includes(channel),
  );
}
