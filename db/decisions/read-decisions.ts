import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { JourneyChange } from '../../src/engine/journey/journey-change.ts';
import type { Tx } from '../client.ts';
import type { DecidedAction } from '../schema/json.ts';

export interface DecisionView {
  id: string;
  customerId: string;
  epoch: number;
  /** Null for a real-time decision. */
  ordinal: number | null;
  kind: 'journey' | 'realtime';
  placement: string | null;
  /** Wall clock. */
  expiresAt: number | null;
  at: number;
  committedAt: number;
  /** `committedAt` for the cursor: exact to the microsecond. */
  committed: string;
  fromSeq: number;
  toSeq: number;
  bundleVersion: number;
  /** Version of the fitted scores; null before the first fit, and where no choice was due. */
  fitVersion: number | null;
  arbitrations: ArbitrationRecord[];
  outcome: string;
  actions: DecidedAction[];
  /** Enrollments that are pinned to another bundle, with its version. */
  pinned: Record<string, number>;
  candidates: JudgedCandidate[];
  changes: JourneyChange[];
  /** Current locale and state of its deliveries. */
  deliveries: Record<string, { locale: string | null; state: string }>;
}

const COLUMNS = (tx: Tx) => tx`
  d.id, d.customer_id as "customerId", d.epoch, d.ordinal, d.at,
  d.kind, d.placement, (extract(epoch from d.expires_at) * 1000)::bigint as "expiresAt",
  (extract(epoch from d.committed_at) * 1000)::bigint as "committedAt", d.committed_at::text as committed,
  d.from_seq as "fromSeq", d.to_seq as "toSeq",
  d.bundle_version as "bundleVersion", (d.context ->> 'fit')::int as "fitVersion", coalesce(d.arbitrations, '[]')
    as arbitrations, d.outcome, d.actions, d.candidates, d.changes,
  (select coalesce(json_object_agg(e ->> 'id', (e ->> 'version')::int), '{}')
   from jsonb_path_query(d.context, '$.inputs[*].enrollments[*]') e
   where (e ->> 'version')::int <> d.bundle_version) as pinned,
  (select coalesce(json_object_agg(id, json_build_object('locale', locale, 'state', state)), '{}')
   from deliveries where customer_id = d.customer_id and decision_id = d.id) as deliveries`;

export async function viewDecision(tx: Tx, workspace: string, id: string): Promise<DecisionView | null> {
  const [row] = await tx<DecisionView[]>`
    select ${COLUMNS(tx)} from decisions d where d.id = ${id} and d.workspace = ${workspace}`;
  return row ?? null;
}

/** Decisions for these ids of one customer, newest first. */
export async function viewDecisions(
  tx: Tx,
  query: { customerIds: string[]; limit: number; before: { wall: string; id: string } | null },
): Promise<DecisionView[]> {
  const { customerIds, limit, before } = query;
  // The page's ids are selected first, because rows with candidates are wide.
  return tx<DecisionView[]>`
    select ${COLUMNS(tx)} from decisions d
    where d.id in (
      select id from decisions where customer_id = any(${customerIds})
        ${before === null ? tx`` : tx`and (committed_at, id) < (${before.wall}::text::timestamptz, ${before.id})`}
      order by committed_at desc, id desc limit ${limit})
    order by d.committed_at desc, d.id desc`;
}

/** What one decision changed. */
export interface DecisionChanges {
  decisionId: string;
  changes: JourneyChange[];
}

/** The changes of the decision that processed this event; null if it is unprocessed. */
export async function viewChangesAt(
  tx: Tx,
  customerId: string,
  seq: number,
): Promise<DecisionChanges | null> {
  const [row] = await tx<DecisionChanges[]>`
    select id as "decisionId", changes from decisions
    where customer_id = ${customerId} and from_seq < ${seq} and to_seq >= ${seq}
    order by epoch desc, ordinal desc limit 1`;
  return row ?? null;
}
