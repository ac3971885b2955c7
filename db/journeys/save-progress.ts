import type { DecideAnswer } from '../../src/domain/protocol.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';

export interface Progress {
  customerId: string;
  ordinal: number;
  processedSeq: number;
  state: JourneyState;
  bundleVersion: number;
  lastNow: number;
  wakeAt: number | null;
  answer: DecideAnswer;
}

/**
 * Writes the customer's progress, whose row is locked, and records how far the log is processed (`recordProcessed`).
 * One statement does both, because the stored answer contains whether more events wait. Returns that.
 */
export async function saveProgress(tx: Tx, progress: Progress, wake: ProcessedMark): Promise<boolean> {
  const [row] = await tx<{ more: boolean }[]>`
    with processed as (${writeProcessed(tx, wake)})
    update journeys j set
      ordinal = ${progress.ordinal}, processed_seq = ${progress.processedSeq}, state = ${JSON.stringify(progress.state)}::text::jsonb,
      state_version = ${progress.state.v}, bundle_version = ${progress.bundleVersion}, last_now = ${progress.lastNow}, wake_at = ${progress.wakeAt},
      last_answer = jsonb_set(${JSON.stringify(progress.answer)}::text::jsonb, '{more}', to_jsonb(processed.more)),
      updated_at = clock_timestamp()
    from processed where j.customer_id = ${progress.customerId}
    returning processed.more`;
  return row?.more ?? false;
}

export interface ProcessedMark {
  customerId: string;
  workspace: string;
  processedSeq: number;
  holdBack: boolean;
}

/**
 * Records how far the log is processed and releases the lease; no event is ever marked as done. Returns whether more
 * events wait. Acceptance raises `requested_seq` under the lock of the same row: either this statement sees the new
 * value, or acceptance finds the lease released and the relay signals again. `holdBack` delays further signals for a
 * second, so that a burst of events cannot keep the workflow from continuing as new.
 */
export async function recordProcessed(tx: Tx, wake: ProcessedMark): Promise<boolean> {
  const [row] = await tx<{ more: boolean }[]>`${writeProcessed(tx, wake)}`;
  return row?.more ?? false;
}

function writeProcessed(tx: Tx, wake: ProcessedMark) {
  return tx`
    insert into wakes as w (customer_id, workspace, requested_seq, processed_seq)
    values (${wake.customerId}, ${wake.workspace}, ${wake.processedSeq}, ${wake.processedSeq})
    on conflict (customer_id) do update set
      processed_seq = greatest(w.processed_seq, ${wake.processedSeq}), tries = 0,
      lease_until = case when ${wake.holdBack} then clock_timestamp() + interval '1 second' end
    returning requested_seq > processed_seq as more`;
}
