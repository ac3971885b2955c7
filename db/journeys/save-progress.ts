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
 * Writes the customer's progress, whose row is locked, and says how far the log is taken (`takeWake`): in one statement,
 * since the answer that is kept says whether more is wanted. Returns that.
 */
export async function saveProgress(tx: Tx, p: Progress, wake: ProcessedMark): Promise<boolean> {
  const [row] = await tx<{ more: boolean }[]>`
    with taken as (${wakeTaken(tx, wake)})
    update journeys j set
      ordinal = ${p.ordinal}, processed_seq = ${p.processedSeq}, state = ${JSON.stringify(p.state)}::text::jsonb,
      state_version = ${p.state.v}, bundle_version = ${p.bundleVersion}, last_now = ${p.lastNow}, wake_at = ${p.wakeAt},
      last_answer = jsonb_set(${JSON.stringify(p.answer)}::text::jsonb, '{more}', to_jsonb(taken.more)),
      updated_at = clock_timestamp()
    from taken where j.customer_id = ${p.customerId}
    returning taken.more`;
  return row?.more ?? false;
}

export interface ProcessedMark {
  customerId: string;
  workspace: string;
  processedSeq: number;
  holdBack: boolean;
}

/**
 * Says how far the log is taken, and gives the lease back: nothing is ever "marked done". Returns whether more is
 * wanted; accept raises that under the same row's lock, so it is either seen here or finds no lease in its way.
 * `holdBack` keeps further signals away for a moment, so that a rollover isn't starved by a burst.
 */
export async function recordProcessed(tx: Tx, wake: ProcessedMark): Promise<boolean> {
  const [row] = await tx<{ more: boolean }[]>`${wakeTaken(tx, wake)}`;
  return row?.more ?? false;
}

function wakeTaken(tx: Tx, wake: ProcessedMark) {
  return tx`
    insert into wakes as w (customer_id, workspace, requested_seq, processed_seq)
    values (${wake.customerId}, ${wake.workspace}, ${wake.processedSeq}, ${wake.processedSeq})
    on conflict (customer_id) do update set
      processed_seq = greatest(w.processed_seq, ${wake.processedSeq}), tries = 0,
      lease_until = case when ${wake.holdBack} then clock_timestamp() + interval '1 second' end
    returning requested_seq > processed_seq as more`;
}
