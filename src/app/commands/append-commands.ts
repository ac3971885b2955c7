import type { Tx } from '../../../db/client.ts';
import { viewMessage } from '../../../db/events/message-status.ts';
import { COMMAND_SOURCE } from '../../domain/customer/consent.ts';
import type { EVENT } from '../../domain/event.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { commitEvents, type Intake } from '../intake/commit.ts';
import type { IncomingEvent, Receipt } from '../intake/incoming-event.ts';
import { traceEvents } from '../intake/trace-events.ts';
import { UseCaseError } from '../use-case-error.ts';

/** Which workspace a command is for, and the message id of its event. */
export interface CommandContext {
  workspace: string;
  messageId: string;
}

/** Position of an event in the log of a customer. */
export interface LogPosition {
  /** Owner of the log. It is another customer than the command named, if a merge was committed in between. */
  customerId: string;
  seq: number;
}

/** An event of the system about a customer whose id is known. */
export function buildEvent(
  { workspace, messageId }: CommandContext,
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
    source: COMMAND_SOURCE,
    properties,
    traits: {},
    context: {},
  };
}

/**
 * Appends commands about one customer in one commit, and returns the position of the last of them. A message id that is
 * in the log already appends nothing and returns the position of the first time.
 *
 * @throws UseCaseError `erased` if the customer was erased
 */
export async function appendCommands(
  intake: Intake,
  events: IncomingEvent[],
  inSameTransaction?: InSameTransaction<LogPosition>,
): Promise<LogPosition> {
  let position: LogPosition | undefined;
  await commitEvents(intake, traceEvents(events), async (tx, receipts) => {
    position = await readPosition(tx, events, receipts.at(-1));
    await inSameTransaction?.(tx, position);
  });
  return position as LogPosition;
}

async function readPosition(
  tx: Tx,
  events: IncomingEvent[],
  last: Receipt | undefined,
): Promise<LogPosition> {
  if (last?.status === 'rejected') throw new UseCaseError('gone', 'erased', 'this customer was erased');
  const workspace = events[0]?.workspace as string;
  const event = last?.seq ? last : await viewMessage(tx, workspace, last?.messageId ?? '');
  return { customerId: event?.customerId ?? (events[0]?.customerId as string), seq: event?.seq ?? 0 };
}
