import { AGENT_DESK } from './candidate.ts';
import type { ActionDef, DecideStep } from './definition.ts';

/** The channels of an action: what a person does has the desk. */
export function channelsOf({ mode, channels }: Pick<ActionDef, 'mode' | 'channels'>): string[] {
  return mode === 'human' ? [AGENT_DESK] : channels;
}

/** Those of them on which a step offers it. */
export function channelsAtStep({ channels }: DecideStep, action: ActionDef): string[] {
  return channelsOf(action).filter(
    (channel) => channel === AGENT_DESK || channels === null || channels.includes(channel),
  );
}
