import { viewMessage } from '../../../db/events/message-status.ts';
import { awaitProcessed } from '../../app/commands/await-processed.ts';
import { commitEvents } from '../../app/intake/commit.ts';
import type { IncomingEvent } from '../../app/intake/incoming-event.ts';
import type { EVENT } from '../../domain/event.ts';
import { readCustomer } from '../customers/read-customer.ts';
import type { CustomerView } from '../customers/view.ts';
import { HttpError } from '../frame/http-error.ts';
import type { Call, Reply } from '../frame/operation.ts';

/** An event of ours about a customer who is known. */
export function buildEvent(
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

/** Where commands stand in the log. */
export interface LogPosition {
  /** Whose log: another customer's, where a merge came between. */
  customerId: string;
  /** Of the last of them. */
  seq: number;
}

/** Appends commands about one customer in one commit; says where they stand, also when they are there already. @throws HttpError 410 */
export async function appendCommands(
  { api, workspace }: Call,
  events: IncomingEvent[],
): Promise<LogPosition> {
  const receipts = await commitEvents(api.decideDeps, events);
  api.notifyRelays();
  const last = receipts.at(-1);
  if (last?.status === 'rejected') throw new HttpError(410, 'erased', 'this customer was erased');
  const known = last?.seq ? last : await viewMessage(api.deps.db.sql, workspace, last?.messageId ?? '');
  return { customerId: known?.customerId ?? (events[0]?.customerId as string), seq: known?.seq ?? 0 };
}

/** Appends commands, waits for the journey to take them unless that isn't asked for, and answers with the customer after it. */
export async function runCommand(
  call: Call<unknown, { wait: boolean }>,
  events: IncomingEvent[],
): Promise<Reply<CustomerView>> {
  return replyWithCustomer(call, await appendCommands(call, events));
}

/** The customer once their journey has taken the log up to there: 200; or as they are, if it hasn't in time: 202. */
export async function replyWithCustomer(
  { api, workspace, body }: Call<unknown, { wait: boolean }>,
  { customerId, seq }: LogPosition,
): Promise<Reply<CustomerView>> {
  const taken = body.wait && (await awaitProcessed(api.deps.db, customerId, seq, api.waitMs));
  const { view } = await readCustomer(api, workspace, customerId);
  return { status: taken ? 200 : 202, body: view };
}
