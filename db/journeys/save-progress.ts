import type { ProgressAnswer } from '../../src/domain/protocol.ts';
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
  /** The answer to the workflow, but for `more`, which only this statement can tell. */
  answer: Omit<ProgressAnswer, 'more'>;
}

/**
 * Writes the customer's progress, whose row is locked. An ordinal follows the one before it, so that none is decided
 * twice: no key of the decisions' partitions says so. Also records how far the log is processed, in one statement: the
 * answer that is kept says whether there are more events. Returns that answer.
 */
export async function saveProgress(tx: Tx, progress: Progress, mark: ProcessedMark): Promise<ProgressAnswer> {
  const { customerId, ordinal, processedSeq, state, bundleVersion, lastNow, wakeAt, answer } = progress;
  const [row] = await tx<{ more: boolean }[]>`
    with wake as (${upsertWake(tx, mark)})
    update journeys j set
      ordinal = ${ordinal}, processed_seq = ${processedSeq}, state = ${JSON.stringify(state)}::text::jsonb,
      state_version = ${state.v}, bundle_version = ${bundleVersion}, last_now = ${lastNow}, wake_at = ${wakeAt},
      last_answer = ${JSON.stringify(answer)}::text::jsonb || jsonb_build_object('more', wake.more),
      updated_at = clock_timestamp()
    from wake where j.customer_id = ${customerId} and j.ordinal = ${ordinal - 1}
    returning wake.more`;
  if (!row) throw new Error(`customer ${customerId} has no journey before decision ${ordinal}`);
  return { ...answer, more: row.more };
}

export interface ProcessedMark {
  customerId: string;
  workspace: string;
  processedSeq: number;
  /** Checks of the journey that this transaction has done: those that its facts know of. */
  checksDone: number;
  holdBack: boolean;
  /** The customer is parked, and the relay leaves its unprocessed events alone for so long; null: not parked. */
  parkedForMs: number | null;
}

/**
 * Records how far the log is processed and which checks are done, and releases the lease; no event is ever marked as
 * done. Returns whether more events or checks wait. Acceptance raises `requested_seq` under the lock of the same row:
 * either this statement sees the new value, or acceptance finds the lease released and the relay signals again. Events
 * behind them that wake nothing are passed over. `holdBack` delays further signals for a second, so that a burst of
 * events cannot keep the workflow from continuing as new. A parked customer has no more until a new event comes or its
 * time is over.
 */
export async function recordProcessed(tx: Tx, mark: ProcessedMark): Promise<boolean> {
  const [row] = await tx<{ more: boolean }[]>`${upsertWake(tx, mark)}`;
  return row?.more ?? false;
}

function upsertWake(tx: Tx, mark: ProcessedMark) {
  const { parkedForMs } = mark;
  const parkedUntil =
    parkedForMs === null
      ? tx`null::timestamptz`
      : tx`clock_timestamp() + ${parkedForMs}::bigint * interval '1 millisecond'`;
  return tx`
    insert into wakes as w (customer_id, workspace, requested_seq, processed_seq, parked_until)
    values (${mark.customerId}, ${mark.workspace}, ${mark.processedSeq}, ${mark.processedSeq}, ${parkedUntil})
    on conflict (customer_id) do update set
      processed_seq = greatest(w.processed_seq, ${mark.processedSeq},
        case when w.requested_seq <= ${mark.processedSeq} then w.quiet_seq end), tries = 0,
      checks_done = greatest(w.checks_done, ${mark.checksDone}),
      lease_until = case when ${mark.holdBack} then clock_timestamp() + interval '1 second' end,
      parked_until = excluded.parked_until
    returning (requested_seq > processed_seq and parked_until is null) or checks_requested > checks_done as more`;
}
