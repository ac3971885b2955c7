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

/** About `most` of `of` decisions, selected by the hash of their ids. */
interface Sample {
  of: number;
  most: number;
}

function isWhole(sample: Sample | undefined): sample is undefined {
  return sample === undefined || sample.of <= sample.most;
}

/** How many decisions the list has. */
export async function countListed(tx: Tx, { workspace, from, to }: Span): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*) as n from decisions
    where workspace = ${workspace} and replayable and at >= ${from} and at < ${to}`;
  return row?.n ?? 0;
}

/** Decisions in which a choice was due, newest first. */
export async function listDecisions(
  tx: Tx,
  { workspace, from, to }: Span,
  { before, limit, sample }: { before: DecisionPlace | null; limit: number; sample?: Sample },
): Promise<ListedDecision[]> {
  const rows = await tx<(Omit<ListedDecision, 'actions' | 'candidates'> & { record: Uint8Array })[]>`
    select id, customer_id as "customerId", kind, placement, at, bundle_version as "bundleVersion", outcome, policies,
           record
    from decisions
    where workspace = ${workspace} and replayable and at >= ${from} and at < ${to}
      ${isWhole(sample) ? tx`` : tx`and (hashtext(id) & 2147483647) % ${sample.of}::bigint < ${sample.most}::bigint`}
      ${before === null ? tx`` : tx`and at <= ${before.at} and (at, id) < (${before.at}, ${before.id})`}
    order by at desc, id desc limit ${limit}`;
  return rows.map(({ record, ...row }) => ({ ...row, ...decodeRecord(record, 'actions', 'candidates') }));
}
