import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';
import { insertRows } from '../columns.ts';
import type { DecidedAction } from '../schema/json.ts';
import { decisions } from '../schema.ts';

/** A decision on the spot. */
export interface RealtimeDecisionRow {
  id: string;
  customerId: string;
  workspace: string;
  placement: string;
  /** RFC 3339, wall clock. */
  expiresAt: string;
  /** Journey time. */
  at: number;
  /** How far the log was known. */
  seq: number;
  bundleVersion: number;
  outcome: 'offered' | 'fallback' | 'nothing';
  actions: (DecidedAction & { rank: number })[];
  candidates: JudgedCandidate[];
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
  'actions',
  'candidates',
  'changes',
  'context',
  'arbitrations',
] as const;

/**
 * Writes decisions on the spot, and what they wait for; returns the ids of those that stand. The customer's row is locked
 * against an erasure, which then finds the decision, or has left a tombstone. With `skipLocked` nobody is waited for:
 * those whose customer is busy are left out. They take no events (`from_seq` = `to_seq`) and no ordinal.
 */
export async function saveRealtimeDecisions(
  tx: Tx,
  rows: RealtimeDecisionRow[],
  skipLocked: boolean,
): Promise<Set<string>> {
  const decided = rows.map(({ seq, ...row }) => ({
    ...row,
    arbitrations: row.arbitrations.length > 0 ? row.arbitrations : null,
    epoch: 0,
    ordinal: null,
    kind: 'realtime' as const,
    fromSeq: seq,
    toSeq: seq,
    changes: [],
  }));
  const awaited = rows.flatMap(awaitedBy);
  const kept = await tx<{ id: string }[]>`
    with alive as (
      select id from customers where id = any(${[...new Set(rows.map((row) => row.customerId))]}::text[]) and erased_at is null
      order by id for key share ${skipLocked ? tx`skip locked` : tx``}
    ), kept as (
      ${insertRows(tx, decisions, COLUMNS, decided)} join alive on alive.id = t."customerId"
      on conflict do nothing returning id, workspace, customer_id, bundle_version, at
    ), waits as (
      insert into rewards (id, workspace, customer_id, decision_id, arm, action, channel, enrollment_id, key,
                           bundle_version, feature_schema, features, propensity, at, within, due_at)
      select r.id, kept.workspace, kept.customer_id, kept.id, r.arm, r.action, r.channel, r."enrollmentId", r.key,
             kept.bundle_version, r."featureSchema", r.features, r.propensity, kept.at, r.within, kept.at + r.within
      from json_to_recordset(${JSON.stringify(awaited)}::text::json) as r(
        id text, decision text, arm text, action text, channel text, "enrollmentId" text, key text, "featureSchema" text,
        features jsonb, propensity double precision, within bigint)
      join kept on kept.id = r.decision
      on conflict do nothing
    )
    select id from kept`;
  return new Set(kept.map(({ id }) => id));
}

/** As `saveAwaited` writes them for a decision of a journey. */
function awaitedBy({ id: decision, arbitrations: arbitrated }: RealtimeDecisionRow) {
  return arbitrated
    .flatMap(({ rewards, featureSchema, features, propensity }) =>
      rewards.map((reward) => ({ ...reward, decision, featureSchema, features, propensity })),
    )
    .map((reward, n) => ({ ...reward, id: `${decision}/${n}` }));
}

/** Takes back one that nobody was told of, since it was too late; with what it would have waited for. */
export async function deleteRealtimeDecision(tx: Tx, id: string): Promise<void> {
  await tx`
    with gone as (delete from decisions where id = ${id} and kind = 'realtime' returning id)
    delete from rewards where decision_id in (select id from gone)`;
}
