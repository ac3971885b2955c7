import type { Client } from '@temporalio/client';
import type { DecideRequest } from '../domain/protocol.ts';
import { Inbox } from '../workflows/inbox.ts';
import { readJourneyInput } from '../workflows/legacy-payloads.ts';
import { eventsSignal, type JourneyInput } from '../workflows/messages.ts';

/** What a run has received by signal alone, as its decisions would have sent it. */
export type DirectSignals = Pick<DecideRequest, 'directEvents' | 'directRefusals'>;

/**
 * Reads what a run has received by signal alone, from its history: events under the message ids that the run itself
 * gives them, so that those it has already had accepted are duplicates.
 *
 * @param since older signals are left out: their message ids may have been purged
 */
export async function readDirectSignals(
  client: Client,
  run: { workflowId: string; runId: string },
  since: number,
): Promise<DirectSignals> {
  const { payloadConverter } = client.options.loadedDataConverter;
  const decode = (input: { payloads?: unknown[] | null } | null | undefined): unknown => {
    const [payload] = input?.payloads ?? [];
    return payload ? payloadConverter.fromPayload(payload as never) : undefined;
  };
  let inbox: Inbox | null = null;
  const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
  for (const event of events ?? []) {
    const started = event.workflowExecutionStartedEventAttributes;
    const signalled = event.workflowExecutionSignaledEventAttributes;
    if (started) {
      const input = readJourneyInput((decode(started.input) ?? {}) as JourneyInput);
      inbox = new Inbox(input, started.firstExecutionRunId ?? run.runId);
    }
    if (signalled?.signalName !== eventsSignal.name || !inbox) continue;
    inbox.receive(decode(signalled.input));
    if (Number(event.eventTime?.seconds ?? 0) * 1_000 < since) {
      inbox.beginDecision(() => false);
      inbox.applyAnswer({ processedSeq: 0, more: false });
    }
  }
  return inbox?.beginDecision(() => false) ?? { directEvents: [] };
}
