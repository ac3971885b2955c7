import type { Autonomy } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';
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

export interface CandidateCount {
  action: string;
  /** Null for candidates of real-time decisions. */
  journey: string | null;
  verdict: string;
  candidates: number;
}

/** Counts candidates by action, journey and verdict. */
export async function countCandidates(tx: Tx, span: DecisionSpan): Promise<CandidateCount[]> {
  return tx<CandidateCount[]>`
    select t.action, n.journey, t.verdict, sum(t.candidates)::bigint as candidates
    from (
      select c ->> 'action' as action, c ->> 'enrollmentId' as enrollment, c ->> 'verdict' as verdict, count(*)
        as candidates
      from decisions d cross join lateral jsonb_array_elements(d.candidates) c
      where ${WITHIN(tx, span)} group by 1, 2, 3
    ) t left join enrollments n on n.id = t.enrollment
    group by 1, 2, 3 order by 1, 2, 3`;
}

export interface RuleCount {
  gate: string;
  /** Null if the gate has no definition, and in decisions of earlier builds. */
  rule: string | null;
  code: string;
  blocked: number;
  alone: number;
  /** Decisions without an action that the rule blocked a candidate of, and their customers. */
  leftWithout: number;
  customersLeft: number;
  /** Those of these decisions in which it was the only rule that blocked some candidate. */
  leftAlone: number;
}

/** Counts blocked candidates by rule. The same position in the definitions of several actions is one rule. */
export async function countRules(tx: Tx, span: DecisionSpan): Promise<RuleCount[]> {
  return tx<RuleCount[]>`
    with blocked as (
      select d.id, d.customer_id, jsonb_path_exists(d.candidates, '$[*] ? (@.verdict == "chosen")') as acted,
             (select array_agg(distinct jsonb_build_array(g -> 'gate', coalesce(g ->> 'code', 'blocked'), g -> 'rule'))
              from jsonb_array_elements(c -> 'gates') g where g ->> 'pass' = 'false') as rules
      from decisions d cross join lateral jsonb_array_elements(d.candidates) c
      where ${WITHIN(tx, span)} and c ->> 'verdict' = 'blocked'
    )
    select r ->> 0 as gate, r ->> 1 as code, r ->> 2 as rule, count(*) as blocked,
           count(*) filter (where cardinality(rules) = 1) as alone,
           count(distinct id) filter (where not acted) as "leftWithout",
           count(distinct customer_id) filter (where not acted) as "customersLeft",
           count(distinct id) filter (where not acted and cardinality(rules) = 1) as "leftAlone"
    from blocked cross join lateral unnest(rules) r
    group by 1, 2, 3 order by blocked desc, 1, 2, 3`;
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
    select a ->> 'policy' as policy, a ->> 'autonomy' as autonomy, (a ->> 'modelVersion')::int as model, count(*)
      as decisions,
           count(*) filter (where a ->> 'chosen' = '∅') as nothing,
           avg((a ->> 'propensity')::float8) as propensity, min((a ->> 'propensity')::float8) as least,
           count(*) filter (where jsonb_array_length(a -> 'exclusions') > 0) as refused
    from decisions d cross join lateral jsonb_array_elements(d.arbitrations) a
    where d.workspace = ${workspace} and d.arbitrations is not null and d.at >= ${from} and d.at < ${to}
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
    select r.action, r.bundle_version as "bundleVersion", p.predicted, r.reward
    from decisions d
    join rewards r on r.decision_id = d.id and r.state = 'counted' and r.channel is not null
    cross join lateral (
      select (c #>> '{scoreParts,expected}')::float8 as predicted from jsonb_array_elements(d.candidates) c
      where c ->> 'enrollmentId' = r.enrollment_id and c ->> 'action' = r.action and c ->> 'channel' = r.channel
        and c ->> 'verdict' = 'chosen' and c #>> '{scoreParts,expected}' is not null
      limit 1
    ) p
    where d.workspace = ${workspace} and d.arbitrations is not null and d.at >= ${from} and d.at < ${to}
    order by d.at desc, r.id limit ${most + 1}`;
}
