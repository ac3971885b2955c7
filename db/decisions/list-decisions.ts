import type { JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Tx } from '../client.ts';
import type { Span } from '../reports/span.ts';
import type { DecidedAction, PolicySummary } from '../schema/json.ts';
import { decodeRecord } from './record/decision-record.ts';

/** A decision in which a choice was due, without its inputs. */
export interface ListedDecision {
  id: string;
  customerId: string;
  kind: 'journey' | 'realtime';
  placement: string | null;
  at: number;
  bundleVersion: number;
  outcome: string;
  policies: PolicySummary[] | null;
  actions: DecidedAction[];
  candidates: JudgedCandidate[];
}

/** A position in the list. */
export interface DecisionPlace {
  at: number;
  id: string;
}

/** Decisions in which a choice was due, newest first. */
export async function listDecisions(
  tx: Tx,
  { workspace, from, to }: Span,
  { before, limit }: { before: DecisionPlace | null; limit: number },
): Promise<ListedDecision[]> {
  const rows = await tx<(Omit<ListedDecision, 'actions' | 'candidates'> & { record: Uint8Array })[]>`
    select id, customer_id as "customerId", kind, placement, at, bundle_version as "bundleVersion", outcome, policies,
           record
    from decisions
    where workspace = ${workspace} and replayable and at >= ${from} and at < ${to}
      ${before === null ? tx`` : tx`and at <= ${before.at} and (at, id) < (${before.at}, ${before.id})`}
    order by at desc, id desc limit ${limit}`;
  return rows.map(({ record, ...row }) => ({ ...row, ...decodeRecord(record, 'actions', 'candidates') }));
}
