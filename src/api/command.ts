import { viewMessage } from '../../db/queries/view-message.ts';
import type { EVENT } from '../domain/event.ts';
import { commitEvents } from '../intake/commit.ts';
import type { IncomingEvent } from '../intake/incoming.ts';
import type { Call } from './operation.ts';

/** An event of ours about a customer who is known. */
export function eventAbout(
  { workspace, messageId }: Pick<Call, 'workspace' | 'messageId'>,
  customerId: string,
  name: (typeof EVENT)[keyof typeof EVENT],
  properties: Record<string, unknown>,
): IncomingEvent {
  return {
    workspace,
    customerId,
    messageId,
    type: 'track',
    name,
    at: Date.now(),
    historical: false,
    source: 'api',
    properties,
    traits: {},
    context: {},
  };
}

/** Appends a command to the customer's log; returns its sequence number, also when it is there already. */
export async function appendCommand({ api, workspace }: Call, event: IncomingEvent): Promise<number> {
  const [receipt] = await commitEvents(api.decide, [event]);
  api.notify();
  if (receipt?.seq) return receipt.seq;
  const known = await viewMessage(api.deps.db.sql, workspace, event.messageId);
  return known?.seq ?? 0;
}
