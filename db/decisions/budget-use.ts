import type { BudgetUse } from '../../src/domain/facts.ts';
import type { Tx } from '../client.ts';
import { groupMembers } from '../config/group-members.ts';

/** The budget and the inventory of an action, whose use is to be counted. */
export interface BudgetQuery extends Pick<BudgetUse, 'action' | 'resetsAt'> {
  /** Start of the calendar month: wall clock in milliseconds. */
  from: number;
  /** Whether all workspaces of the group share the budget. An inventory belongs to one workspace. */
  sharedByGroup: boolean;
  /** Whether the inventory is refilled each month. */
  monthly: boolean;
  /** Whether people carry the action out. */
  human: boolean;
  /** Counted only if an event to be processed has one of these names; null: always counted. */
  openingEvents: string[] | null;
  /** A claim counts effects that have begun, without its own; a decision (null) also counts planned ones. */
  claim: { decisionId: string; enrollmentId: string } | null;
}

export interface BudgetRow {
  n: number;
  spent: number;
  unitsGiven: number;
}

/**
 * The use of these budgets and inventories as JSON: a part of the statement that reads facts, for the customer `c` in
 * the workspace `w`. Use is counted from rows that cost or may cost something. There is no counter that could drift.
 * The effects of one decision for one enrollment are one unit, whatever the number of channels. The count is exact
 * under the lock of the action (`subjectId.budget`) and an estimate without it.
 */
export function budgetsJson(tx: Tx, query: BudgetQuery[]) {
  if (query.length === 0) return tx`'[]'::json`;
  const rows = query.map(({ claim, resetsAt: _, ...budget }, n) => ({
    ...budget,
    n,
    claims: claim !== null,
    decision: claim?.decisionId ?? null,
    enrollment: claim?.enrollmentId ?? null,
  }));
  return tx`(select coalesce(json_agg(json_build_object('n', x.n, 'spent', u.spent, 'unitsGiven', u.given)
    order by x.n), '[]')
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as x(n int, action text, "from" bigint,
      "sharedByGroup" boolean,
      monthly boolean, human boolean, "openingEvents" jsonb, claims boolean, decision text, enrollment text)
    cross join lateral (select to_timestamp(x."from" / 1000.0) as began,
      case when x."sharedByGroup" and w.group_id is not null
           then array(${groupMembers(tx)}) else array[c.workspace] end
             as workspaces) m
    cross join lateral (
      select coalesce(sum(cost) filter (where at >= m.began), 0)::bigint as spent,
             count(*) filter (where workspace = c.workspace and (not x.monthly or at >= m.began))::int as given
      from (
        select workspace, max(cost) as cost, min(at) as at from (${messages(tx)} union all ${tasks(tx)}) used
        where x.decision is null or decision_id <> x.decision or enrollment_id <> x.enrollment
        group by workspace, decision_id, enrollment_id
      ) units
    ) u
    where x."openingEvents" is null or jsonb_typeof(x."openingEvents") = 'null'
      or exists (select 1 from batch e where x."openingEvents" ? e.name))`;
}

/**
 * Journey time is never a day behind the wall clock, so the index on `at` finds the rows of the month. A coupon whose
 * message failed can still be redeemed, and a redeemed coupon has its cost whatever became of its message.
 */
function messages(tx: Tx) {
  return tx`
    select d.workspace, d.decision_id, d.enrollment_id, d.cost, coalesce(d.claimed_at, d.created_at) as at
    from deliveries d
    where d.workspace = any(m.workspaces) and d.action = x.action
      and d.at >= case when x.monthly then x."from" - 86400000 else 0 end
      and (d.state in ('sending', 'sent', 'unknown') or not x.claims and d.state = 'planned'
        or d.coupon_id is not null and exists (select 1 from coupons k where k.id = d.coupon_id
             and (k.state = 'redeemed' or d.state = 'failed' and k.state = 'issued')))`;
}

function tasks(tx: Tx) {
  return tx`
    select t.workspace, t.decision_id, t.enrollment_id, t.cost, t.created_at
    from agent_tasks t
    where x.human and t.workspace = any(m.workspaces) and t.action = x.action
      and t.at >= case when x.monthly then x."from" - 86400000 else 0 end
      and t.state <> 'withdrawn' and not (x.claims and t.state = 'planned')`;
}
