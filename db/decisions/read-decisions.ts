import type { ArbitrationRecord, JudgedCandidate } from '../../src/domain/candidate.ts';
import type { JourneyChange } from '../../src/engine/journey/journey-change.ts';
import type { Tx } from '../client.ts';
import type { DecidedAction } from '../schema/json.ts';
import { decodeRecord } from './record/decision-record.ts';

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
  /** The customer's scores that it used; null where no choice was due. */
  scores: Record<string, number> | null;
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
  d.bundle_version as "bundleVersion", d.outcome, d.record,
  (select coalesce(json_object_agg(id, json_build_object('locale', locale, 'state', state)), '{}')
   from deliveries where customer_id = d.customer_id and decision_id = d.id) as deliveries`;

export async function viewDecision(tx: Tx, workspace: string, id: string): Promise<DecisionView | null> {
  const [row] = await tx<StoredDecision[]>`
    select ${COLUMNS(tx)} from decisions d where d.id = ${id} and d.workspace = ${workspace}`;
  return row ? toView(row) : null;
}

/** Decisions for these ids of one customer, newest first. */
export async function viewDecisions(
  tx: Tx,
  query: { customerIds: string[]; limit: number; before: { wall: string; id: string } | null },
): Promise<DecisionView[]> {
  const { customerIds, limit, before } = query;
  // The page's keys are selected first, because rows with candidates are wide. A whole key is in one partition.
  const rows = await tx<StoredDecision[]>`
    select ${COLUMNS(tx)} from (
      select id, committed_at, kept from decisions where customer_id = any(${customerIds})
        ${before === null ? tx`` : tx`and (committed_at, id) < (${before.wall}::text::timestamptz, ${before.id})`}
      order by committed_at desc, id desc limit ${limit}) page
    cross join lateral (
      select * from decisions
      where id = page.id and committed_at = page.committed_at and kept = page.kept offset 0) d
    order by d.committed_at desc, d.id desc`;
  return rows.map(toView);
}

type Decoded = 'actions' | 'changes' | 'candidates' | 'arbitrations' | 'fitVersion' | 'scores' | 'pinned';
type StoredDecision = Omit<DecisionView, Decoded> & { record: Uint8Array };

/** What a view shows of a recorded context. A real-time decision has no pools. */
interface ViewedContext {
  fit?: number | null;
  scores?: Record<string, number>;
  inputs?: { enrollments: { id: string; version: number }[] }[];
}

function toView({ record, ...row }: StoredDecision): DecisionView {
  const { context, arbitrations, actions, changes, candidates } = decodeRecord(record);
  const { fit = null, scores = null, inputs = [] } = (context ?? {}) as ViewedContext;
  const pinned = inputs
    .flatMap(({ enrollments }) => enrollments)
    .filter(({ version }) => version !== row.bundleVersion)
    .map(({ id, version }): [string, number] => [id, version]);
  return {
    ...row,
    actions,
    candidates,
    changes,
    arbitrations: arbitrations ?? [],
    fitVersion: fit,
    scores,
    pinned: Object.fromEntries(pinned),
  };
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
  const [row] = await tx<{ decisionId: string; record: Uint8Array }[]>`
    select id as "decisionId", record from decisions
    where customer_id = ${customerId} and from_seq < ${seq} and to_seq >= ${seq}
    order by epoch desc, ordinal desc limit 1`;
  return row ? { decisionId: row.decisionId, ...decodeRecord(row.record, 'changes') } : null;
}

/** An event that a decision processed. */
export interface ProcessedEvent {
  id: string;
  seq: number;
  name: string;
  at: number;
}

/** The newest events that a decision processed, oldest first. */
export async function readProcessedEvents(
  tx: Tx,
  { customerId, fromSeq, toSeq }: Pick<DecisionView, 'customerId' | 'fromSeq' | 'toSeq'>,
  limit: number,
): Promise<ProcessedEvent[]> {
  return tx<ProcessedEvent[]>`
    select * from (
      select id, seq, name, (extract(epoch from at) * 1000)::bigint as at from events
      where customer_id = ${customerId} and seq > ${fromSeq} and seq <= ${toSeq}
      order by seq desc limit ${limit}) newest
    order by seq`;
}
