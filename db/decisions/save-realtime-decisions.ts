import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { JourneyChange } from '../../src/engine/journey/journey-change.ts';
import type { Tx } from '../client.ts';
import { insertRows } from '../columns.ts';
import { REWARD_COLUMNS, toOpenRewards } from '../learning/open-rewards.ts';
import type { DecidedAction } from '../schema/json.ts';
import { decisions, rewards } from '../schema.ts';
import { toStoredColumns } from './record/stored-columns.ts';

/** A real-time decision. */
export interface RealtimeDecisionRow {
  id: string;
  customerId: string;
  workspace: string;
  placement: string;
  /** RFC 3339, wall clock. */
  expiresAt: string;
  /** Journey time. */
  at: number;
  /** Newest sequence number that the decision read. */
  seq: number;
  bundleVersion: number;
  outcome: 'offered' | 'fallback' | 'nothing';
  actions: (DecidedAction & { rank: number })[];
  candidates: JudgedCandidate[];
  changes: JourneyChange[];
  arbitrations: ArbitrationRecord[];
  context: unknown;
}

const COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'epoch',
  'ordinal',
  'kind',
  'placement',
  'expiresAt',
  'at',
  'fromSeq',
  'toSeq',
  'bundleVersion',
  'outcome',
  'chosen',
  'changed',
  'moves',
  'policies',
  'replayable',
  'record',
] as const;

/**
 * Writes real-time decisions and their open rewards. Each customer's row is locked in key share mode: an erasure either
 * finds the decision and deletes it, or has already left a tombstone, and the decision is not written. Real-time
 * decisions process no events (`from_seq` = `to_seq`) and have no ordinal.
 *
 * @param skipLocked leaves out customers whose row is locked instead of waiting for them
 * @returns the ids of the decisions that were written
 */
export async function saveRealtimeDecisions(
  tx: Tx,
  rows: RealtimeDecisionRow[],
  skipLocked: boolean,
): Promise<Set<string>> {
  const decisionRows = rows.map(({ seq, ...row }) => ({
    ...row,
    ...toStoredColumns(row.customerId, {
      ...row,
      arbitrations: row.arbitrations.length > 0 ? row.arbitrations : null,
    }),
    epoch: 0,
    ordinal: null,
    kind: 'realtime' as const,
    fromSeq: seq,
    toSeq: seq,
  }));
  const openRewards = rows.flatMap((row) => toOpenRewards(row, row.arbitrations));
  const saved = await tx<{ id: string }[]>`
    with alive as (
      select id from customers where id = any(${[...new Set(rows.map((row) => row.customerId))]}::text[])
        and erased_at is null
      order by id for key share ${skipLocked ? tx`skip locked` : tx``}
    ), saved as (
      ${insertRows(tx, decisions, COLUMNS, decisionRows)} join alive on alive.id = t."customerId"
      on conflict do nothing returning id
    ), openRewards as (
      ${insertRows(tx, rewards, REWARD_COLUMNS, openRewards)} join saved on saved.id = t."decisionId"
      on conflict do nothing
    )
    select id from saved`;
  return new Set(saved.map(({ id }) => id));
}

/** Deletes a decision that was too late to be returned, with its open rewards. */
export async function deleteRealtimeDecision(tx: Tx, id: string): Promise<void> {
  await tx`
    with gone as (delete from decisions where id = ${id} and kind = 'realtime' returning id)
    delete from rewards where decision_id in (select id from gone)`;
}
