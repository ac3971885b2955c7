import type { CapScope } from '../../src/domain/definition.ts';
import type { SharedUse } from '../../src/domain/facts.ts';
import type { Tx } from '../client.ts';

/** A cap whose use is counted over several customers, or a limit per account of one action. */
export type SharedCap = Pick<SharedUse, 'cap' | 'action'>;

/** As it stands in the database's answer: by the position of what was asked for. */
export interface UseRow {
  n: number;
  used: number;
  freeIn: number | null;
}

/**
 * How much of these caps the customer `c` of workspace `w` finds used, as JSON: a part of the statement that reads
 * facts. Usage is rows that may have reached somebody, inside the window and on wall time; no counter could leak
 * (`correctness.md` 19). No more rows than the cap has room for are looked at. It is exact only under the lock of
 * the subject (`lockSubjects`); without it, an estimate.
 */
export function sharedUseJson(tx: Tx, wanted: SharedCap[]) {
  if (wanted.length === 0) return tx`'[]'::json`;
  const rows = wanted.map(({ cap, action }, n) => ({ n, ...cap, action }));
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

/** Who shares with nobody, as a customer without an account, has no line: the cap is theirs alone. */
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
    where d.claimed_at > clock_timestamp() - x.per * interval '1 millisecond'
      and d.state in ('sending', 'sent', 'unknown')
      and (x.channel is null or d.channel = x.channel)
      and case when x.action is not null then d.action = x.action
               when x.purpose is null then d.class = 'marketing' else d.purpose = x.purpose end
      and ${DELIVERED[scope](tx)}
    order by d.claimed_at desc limit x.max`;
}

/** A call by a person is a contact too. A task opens as soon as it was decided, and keeps no purpose of its own. */
function tasksOf(tx: Tx, scope: CapScope) {
  return tx`
    select t.created_at from agent_tasks t join customers o on o.id = t.customer_id
    where t.created_at > clock_timestamp() - x.per * interval '1 millisecond'
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
 * Whose deliveries are counted together: by account and contact as of their claims. What was written to an address
 * that the customer had before, or brought along from a merge, still reached that person.
 */
const DELIVERED: Record<CapScope, Condition> = {
  customer: (tx) => tx`d.customer_id = c.id`,
  account: (tx) => tx`d.workspace = c.workspace and d.account_id = c.account_id`,
  workspace: (tx) => tx`d.workspace = c.workspace`,
  group: (tx) =>
    tx`(d.customer_id = c.id
        or d.person_key = c.person_key and d.workspace in (select id from workspaces where group_id = w.group_id))`,
};

const CALLED: Record<CapScope, Condition> = {
  customer: (tx) => tx`t.customer_id = c.id`,
  account: (tx) => tx`o.workspace = c.workspace and o.account_id = c.account_id`,
  workspace: (tx) => tx`t.workspace = c.workspace`,
  group: (tx) =>
    tx`o.person_key = c.person_key and o.workspace in (select id from workspaces where group_id = w.group_id)`,
};
