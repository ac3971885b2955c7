import type { Answer } from '../../src/domain/protocol.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';

export interface Progress {
  customerId: string;
  ordinal: number;
  tookSeq: number;
  state: JourneyState;
  bundleVersion: number;
  lastNow: number;
  wakeAt: number | null;
  answer: Answer;
}

/** Writes the customer's progress. Its row is locked. */
export async function saveProgress(tx: Tx, p: Progress): Promise<void> {
  await tx`
    update journeys set
      ordinal = ${p.ordinal}, took_seq = ${p.tookSeq}, state = ${JSON.stringify(p.state)}::text::jsonb,
      state_version = ${p.state.v}, bundle_version = ${p.bundleVersion}, last_now = ${p.lastNow},
      wake_at = ${p.wakeAt}, last_answer = ${JSON.stringify(p.answer)}::text::jsonb, updated_at = clock_timestamp()
    where customer_id = ${p.customerId}`;
}

/**
 * Says how far the log is taken, and gives the lease back: nothing is ever "marked done". Returns whether more is
 * wanted; accept raises that under the same row's lock, so it is either seen here or finds no lease in its way.
 * `holdBack` keeps further signals away for a moment, so that a rollover isn't starved by a burst.
 */
export async function takeWake(
  tx: Tx,
  wake: { customerId: string; workspace: string; tookSeq: number; holdBack: boolean },
): Promise<boolean> {
  const [row] = await tx<{ more: boolean }[]>`
    insert into wakes as w (customer_id, workspace, want_seq, took_seq)
    values (${wake.customerId}, ${wake.workspace}, ${wake.tookSeq}, ${wake.tookSeq})
    on conflict (customer_id) do update set
      took_seq = greatest(w.took_seq, ${wake.tookSeq}), tries = 0,
      lease_until = case when ${wake.holdBack} then clock_timestamp() + interval '1 second' end
    returning want_seq > took_seq as more`;
  return row?.more ?? false;
}
