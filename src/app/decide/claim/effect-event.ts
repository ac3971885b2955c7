import type { EVENT } from '../../../domain/event.ts';
import type { EffectRequest } from '../../../domain/protocol.ts';
import type { IncomingEvent } from '../../intake/incoming-event.ts';

/**
 * An event of the customer's log about one effect.
 * @param key makes the message id: a second attempt with the same key appends nothing
 */
export function buildEffectEvent(
  request: Pick<EffectRequest, 'workspace' | 'customerId' | 'id'>,
  name: (typeof EVENT)[keyof typeof EVENT],
  key: string,
  properties: Record<string, unknown>,
): IncomingEvent {
  return {
    workspace: request.workspace,
    customerId: request.customerId,
    messageId: `${request.id}/${name}/${key}`,
    type: 'track',
    name,
    at: Date.now(),
    historical: false,
    source: 'throughline',
    properties,
    traits: {},
    context: {},
  };
}
