import type { CapScope } from '../../src/domain/definition.ts';
import type { SharedUse } from '../../src/domain/facts.ts';
import type { Tx } from '../client.ts';
import { groupMembers } from '../config/group-members.ts';

/** A cap whose use is counted over several customers, or the limit of one action per account. */
export type SharedCap = Pick<SharedUse, 'cap' | 'action'>;

/** One count of the result; `n` is the position of its cap in the query. */
export interface UseRow {
  n: number;
  used: number;
  freeIn: number | null;
}

/**
 * The use of these caps for the customer `c` of the workspace `w` as JSON: a part of the statement that reads facts.
 * Use is counted from the rows that may have reached a person within the window, by the wall clock. There is no counter
 * that could drift. At most as many rows are read as the cap allows. The count is exact under the lock of the subject
 * (`lockSubjects`) and an estimate without it.
 */
export function sharedUseJson(tx: Tx, query: SharedCap[]) {
  if (query.length === 0) return tx`'[]'::json`;
  const rows = query.map(({ cap, action }, n) => ({ n, ...cap, action }));
  const scopes = [...new Set(rows.map((row) => row.of))].sort();
  const parts = scopes.map((scope) =>
    useOf(
      tx,
      scope,
      rows.filter((row) => row.of === scope),
    ),
  );
  const all = parts.reduce((left, right) => tx`${left} union all ${right}`);
  return tx`(select coalesce(json_agg(json_build_object('n', n, 'used', used, 'freeIn', case when used >= max
      then greatest(0, (extract(epoch from nth - clock_timestamp()) * 1000)::bigint + per) end) order by n), '[]')
     from (${all}) shared)`;
}

/** A customer without an account or a person key shares with no other, and has no row here. */
function useOf(tx: Tx, scope: CapScope, rows: object[]) {
  return tx`
    select x.n, x.max, x.per, u.used, u.nth
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as x(n int, max int, per bigint, channel text, purpose text, action text)
    cross join lateral (
      select count(*)::int as used, (array_agg(at order by at desc))[x.max] as nth
      from (select at from ((${deliveriesOf(tx, scope)}) union all (${tasksOf(tx, scope)})) contacts
            order by at desc limit x.max) newest
    ) u
    where ${SHARED[scope](tx)}`;
}

function deliveriesOf(tx: Tx, scope: CapScope) {
  return tx`
    select d.claimed_at as at from deliveries d
    where d.claimed_at > statement_timestamp() - x.per * interval '1 millisecond'
      and d.state in ('sending', 'sent', 'unknown')
      and (x.channel is null or d.channel = x.channel)
      and case when x.action is not null then d.action = x.action
               when x.purpose is null then d.class = 'marketing' else d.purpose = x.purpose end
      and ${DELIVERED[scope](tx)}
    order by d.claimed_at desc limit x.max`;
}

/** Tasks are contacts too. A task counts from its decision on, and has no purpose, only a class. */
function tasksOf(tx: Tx, scope: CapScope) {
  return tx`
    select t.created_at from agent_tasks t join customers o on o.id = t.customer_id
    where t.created_at > statement_timestamp() - x.per * interval '1 millisecond'
      and t.state in ('open', 'acknowledged', 'resolved')
      and (x.channel is null or x.channel = 'agent_desk')
      and case when x.action is not null then t.action = x.action else t.class = coalesce(x.purpose, 'marketing') end
      and ${CALLED[scope](tx)}
    order by t.created_at desc limit x.max`;
}

type Condition = (tx: Tx) => ReturnType<Tx>;

const SHARED: Record<CapScope, Condition> = {
  customer: (tx) => tx`true`,
  account: (tx) => tx`c.account_id is not null`,
  workspace: (tx) => tx`true`,
  group: (tx) => tx`c.person_key is not null and w.group_id is not null`,
};

/**
 * Which deliveries are counted together, by the account and the person key at their claims: a message to an earlier
 * address of the customer has still reached that person.
 */
const DELIVERED: Record<CapScope, Condition> = {
  customer: (tx) => tx`d.customer_id = c.id`,
  account: (tx) => tx`d.workspace = c.workspace and d.account_id = c.account_id`,
  workspace: (tx) => tx`d.workspace = c.workspace`,
  group: (tx) =>
    tx`(d.customer_id = c.id
        or d.person_key = c.person_key and d.workspace in (${groupMembers(tx)}))`,
};

const CALLED: Record<CapScope, Condition> = {
  customer: (tx) => tx`t.customer_id = c.id`,
  account: (tx) => tx`o.workspace = c.workspace and o.account_id = c.account_id`,
  workspace: (tx) => tx`t.workspace = c.workspace`,
  group: (tx) => tx`o.person_key = c.person_key and o.workspace in (${groupMembers(tx)})`,
};
