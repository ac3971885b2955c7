import type { JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';
import type { DecidedAction } from './view-decisions.ts';

/** A decision on the spot. */
export interface LocalDecisionRow {
  id: string;
  customer_id: string;
  workspace: string;
  placement: string;
  /** RFC 3339, wall clock. */
  expires_at: string;
  /** Journey time. */
  at: number;
  /** How far the log was known. */
  seq: number;
  bundle_version: number;
  outcome: 'offered' | 'fallback' | 'nothing';
  actions: (DecidedAction & { rank: number })[];
  candidates: JudgedCandidate[];
}

/**
 * Writes decisions on the spot; returns the ids of those that stand. The customer's row is locked against an erasure,
 * which then finds the decision, or has left a tombstone. With `skipLocked` nobody is waited for: those whose customer
 * is busy are left out. They take no events (`from_seq` = `to_seq`) and no ordinal.
 */
export async function saveLocalDecisions(
  tx: Tx,
  rows: LocalDecisionRow[],
  skipLocked: boolean,
): Promise<Set<string>> {
  const written = rows.map((row) => ({ ...row, from_seq: row.seq, to_seq: row.seq }));
  const stand = await tx<{ id: string }[]>`
    with wanted as (
      select * from json_populate_recordset(null::decisions, ${JSON.stringify(written)}::text::json)
    ), alive as (
      select id from customers where id = any(${[...new Set(rows.map((row) => row.customer_id))]}::text[]) and erased_at is null
      order by id for key share ${skipLocked ? tx`skip locked` : tx``}
    )
    insert into decisions (id, customer_id, workspace, epoch, ordinal, kind, placement, expires_at, at, from_seq, to_seq,
                           bundle_version, outcome, actions, candidates, changes)
    select w.id, w.customer_id, w.workspace, 0, null, 'local', w.placement, w.expires_at, w.at, w.from_seq, w.to_seq,
           w.bundle_version, w.outcome, w.actions, w.candidates, '[]'
    from wanted w join alive on alive.id = w.customer_id
    on conflict do nothing returning id`;
  return new Set(stand.map(({ id }) => id));
}

/** Takes back one that nobody was told of, since it was too late. */
export async function withdrawLocalDecision(tx: Tx, id: string): Promise<void> {
  await tx`delete from decisions where id = ${id} and kind = 'local'`;
}
