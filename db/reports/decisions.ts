import type { JudgedCandidate } from '../../src/domain/candidate.ts';
import type { Autonomy } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';
import { decodeRecord } from '../decisions/record/decision-record.ts';
import type { DecidedAction } from '../schema/json.ts';
import type { Span } from './span.ts';

/** Decisions of a period. If there are very many, a sample by the hash of their ids. */
export interface DecisionSpan extends Span {
  /** Number of all decisions, and about how many of them are read. */
  of: number;
  most: number;
}

export async function countDecisions(tx: Tx, { workspace, from, to }: Span): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*) as n from decisions where workspace = ${workspace} and at >= ${from} and at < ${to}`;
  return row?.n ?? 0;
}

const WITHIN = (tx: Tx, { workspace, from, to, of, most }: DecisionSpan) => tx`
  d.workspace = ${workspace} and d.at >= ${from} and d.at < ${to}
  ${of > most ? tx`and (hashtext(d.id) & 2147483647) % ${of}::bigint < ${most}::bigint` : tx``}`;

export interface OutcomeCount {
  kind: 'journey' | 'realtime';
  outcome: string;
  decisions: number;
  customers: number;
}

export async function countOutcomes(tx: Tx, span: DecisionSpan): Promise<OutcomeCount[]> {
  return tx<OutcomeCount[]>`
    select d.kind, d.outcome, count(*) as decisions, count(distinct d.customer_id) as customers
    from decisions d where ${WITHIN(tx, span)} group by d.kind, d.outcome order by d.kind, decisions desc, d.outcome`;
}

/** The candidates of one decision, and what it did. */
export interface ExaminedDecision {
  id: string;
  customerId: string;
  at: number;
  candidates: JudgedCandidate[];
  actions: DecidedAction[];
}

/** Reads the decisions of the span page by page, each page after the place of the one before; null: from the start. */
export async function pageCandidates(
  tx: Tx,
  span: DecisionSpan,
  after: { at: number; id: string } | null,
  limit: number,
): Promise<{ decisions: ExaminedDecision[]; next: { at: number; id: string } | null }> {
  const rows = await tx<{ id: string; at: number; customerId: string; record: Uint8Array }[]>`
    select d.id, d.at, d.customer_id as "customerId", d.record from decisions d
    where ${WITHIN(tx, span)}
      ${after === null ? tx`` : tx`and d.at >= ${after.at} and (d.at, d.id) > (${after.at}, ${after.id})`}
    order by d.at, d.id limit ${limit}`;
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    decisions: rows.map(({ id, at, customerId, record }) => ({
      id,
      at,
      customerId,
      ...decodeRecord(record, 'actions', 'candidates'),
    })),
    next: last ? { at: last.at, id: last.id } : null,
  };
}

/** The journeys of these enrollments, by their ids. */
export async function readJourneysOf(tx: Tx, enrollments: string[]): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; journey: string }[]>`
    select id, journey from enrollments where id = any(${enrollments}::text[])`;
  return new Map(rows.map(({ id, journey }) => [id, journey]));
}

export interface PolicyCount {
  policy: string;
  autonomy: Autonomy;
  model: number | null;
  decisions: number;
  /** Decisions in which doing nothing was drawn. */
  nothing: number;
  propensity: number;
  least: number;
  /** Decisions in which an option was excluded from the arbitration. */
  refused: number;
}

/**
 * Counts how marketing was decided: by rules or by which model, and with which propensity. All decisions count, never a
 * sample.
 */
export async function countPolicies(tx: Tx, { workspace, from, to }: Span): Promise<PolicyCount[]> {
  return tx<PolicyCount[]>`
    select a ->> 'policy' as policy, a ->> 'autonomy' as autonomy, (a ->> 'model')::int as model, count(*)
      as decisions,
           count(*) filter (where a ? 'nothing') as nothing,
           avg(coalesce((a ->> 'propensity')::float8, 1)) as propensity,
           min(coalesce((a ->> 'propensity')::float8, 1)) as least,
           count(*) filter (where a ? 'refused') as refused
    from decisions d cross join lateral jsonb_array_elements(d.policies) a
    where d.workspace = ${workspace} and d.policies is not null and d.at >= ${from} and d.at < ${to}
    group by 1, 2, 3 order by 1, 2, 3`;
}

export interface PredictionRow {
  action: string;
  bundleVersion: number;
  /** A probability, or minor units. */
  predicted: number;
  reward: number;
}

/** Predicted and observed rewards of chosen actions whose window is over, newest first. */
export async function readPredictions(
  tx: Tx,
  { workspace, from, to }: Span,
  most: number,
): Promise<PredictionRow[]> {
  return tx<PredictionRow[]>`
    select r.action, r.bundle_version as "bundleVersion", r.expected as predicted, r.reward
    from decisions d
    join rewards r on r.decision_id = d.id and r.state = 'counted' and r.channel is not null
      and r.expected is not null
    where d.workspace = ${workspace} and d.policies is not null and d.at >= ${from} and d.at < ${to}
    order by d.at desc, r.id limit ${most + 1}`;
}
