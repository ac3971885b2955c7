import type { Change } from '../../src/domain/advance/run.ts';
import type { JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';

/** An action as the deciding transaction wrote it. */
export interface DecidedAction {
  action: string;
  class: string;
  enrollmentId: string;
  deliveries: { id: string; channel: string; sendAt: number }[];
  task?: { id: string; queue: string };
  propensity: number;
  reasons: string[];
}

export interface DecisionView {
  id: string;
  customerId: string;
  epoch: number;
  ordinal: number;
  at: number;
  committedAt: number;
  fromSeq: number;
  toSeq: number;
  bundleVersion: number;
  outcome: string;
  actions: DecidedAction[];
  candidates: JudgedCandidate[];
  changes: Change[];
  /** Locale and state of its deliveries, as known by now. */
  deliveries: Record<string, { locale: string | null; state: string }>;
}

const COLUMNS = (tx: Tx) => tx`
  d.id, d.customer_id as "customerId", d.epoch, d.ordinal, d.at,
  (extract(epoch from d.committed_at) * 1000)::bigint as "committedAt", d.from_seq as "fromSeq", d.to_seq as "toSeq",
  d.bundle_version as "bundleVersion", d.outcome, d.actions, d.candidates, d.changes,
  (select coalesce(json_object_agg(id, json_build_object('locale', locale, 'state', state)), '{}')
   from deliveries where customer_id = d.customer_id and decision_id = d.id) as deliveries`;

export async function viewDecision(tx: Tx, workspace: string, id: string): Promise<DecisionView | null> {
  const [row] = await tx<DecisionView[]>`
    select ${COLUMNS(tx)} from decisions d where d.id = ${id} and d.workspace = ${workspace}`;
  return row ?? null;
}

/** A customer's decisions, newest first. */
export async function viewDecisions(
  tx: Tx,
  wanted: { customerId: string; limit: number; before: { epoch: number; ordinal: number } | null },
): Promise<DecisionView[]> {
  const { customerId, limit, before } = wanted;
  return tx<DecisionView[]>`
    select ${COLUMNS(tx)} from decisions d
    where d.customer_id = ${customerId}
      ${before === null ? tx`` : tx`and (d.epoch, d.ordinal) < (${before.epoch}, ${before.ordinal})`}
    order by d.epoch desc, d.ordinal desc limit ${limit}`;
}
