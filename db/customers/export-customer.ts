import { ACCOUNT_SOURCE } from '../../src/domain/event.ts';
import type { Tx } from '../client.ts';

/** Database rows; times are RFC 3339 or milliseconds. */
type Rows = Record<string, unknown>[];

/** Everything that the product stores about a customer. */
export interface CustomerExport {
  exportedAt: string;
  customers: Rows;
  account: Record<string, unknown> | null;
  identities: Rows;
  events: Rows;
  consents: Rows;
  tickets: Rows;
  journeys: Rows;
  enrollments: Rows;
  decisions: Rows;
  deliveries: Rows;
  tasks: Rows;
  /** Expected and observed rewards of decisions, with the features that the decisions used. */
  rewards: Rows;
  coupons: Rows;
  merges: Rows;
  suppressedAddresses: Rows;
  outbox: Rows;
}

/**
 * Everything that the product stores about these ids of one customer, in one statement, so as one snapshot. It leaves
 * out internal columns (leases, fences, cached answers) and events of other members of the account.
 */
export async function viewExport(tx: Tx, workspace: string, ids: string[]): Promise<CustomerExport> {
  const all = (table: string, order: string[], left: string[] = []) => {
    const by = order.map((column, i) => (i === 0 ? tx`t.${tx(column)}` : tx`, t.${tx(column)}`));
    return tx`(select coalesce(json_agg(to_jsonb(t) - ${left}::text[] order by ${by}), '[]')
      from ${tx(table)} t where t.workspace = ${workspace} and t.customer_id = any(${ids}))`;
  };
  const [row] = await tx<CustomerExport[]>`
    select
      to_json(clock_timestamp()) #>> '{}' as "exportedAt",
      (select coalesce(json_agg(to_jsonb(t) - 'person_key' order by t.id), '[]')
       from customers t where t.workspace = ${workspace} and t.id = any(${ids})) as customers,
      (select to_jsonb(a) from accounts a where a.workspace = ${workspace}
         and a.id = (select account_id from customers where id = ${ids[0] ?? ''})) as account,
      ${all('identities', ['type', 'value'])} as identities,
      (select coalesce(json_agg(to_jsonb(t) order by t.customer_id, t.seq), '[]') from events t
       where t.workspace = ${workspace} and t.customer_id = any(${ids}) and t.source <> ${ACCOUNT_SOURCE}) as events,
      (select coalesce(json_agg(to_jsonb(t) order by t.at, t.seq, t.purpose, t.channel, t.topic), '[]')
       from consents t where t.customer_id = any(${ids})) as consents,
      ${all('tickets', ['id'], ['person_key'])} as tickets,
      ${all('journeys', ['customer_id'], ['last_answer'])} as journeys,
      ${all('enrollments', ['entered_at', 'id'])} as enrollments,
      ${all('decisions', ['committed_at', 'id'])} as decisions,
      ${all('deliveries', ['created_at', 'id'], ['person_key', 'fence', 'lease_until'])} as deliveries,
      ${all('agent_tasks', ['created_at', 'id'])} as tasks,
      ${all('rewards', ['at', 'id'])} as rewards,
      ${all('coupons', ['created_at', 'id'])} as coupons,
      (select coalesce(json_agg(to_jsonb(t) order by t.at, t.id), '[]') from merges t
       where t.workspace = ${workspace} and (t.winner = any(${ids}) or t.loser = any(${ids}))) as merges,
      (select coalesce(json_agg(to_jsonb(t) order by t.channel, t.address), '[]') from suppressed_addresses t
       where t.workspace = ${workspace} and t.address in (
         select v.value ->> 'value' from customers c, jsonb_each(c.profile -> 'traits') v where c.id = any(${ids})
         union select lower(trim(v.value ->> 'value')) from customers c, jsonb_each(c.profile -> 'traits') v
               where c.id = any(${ids}))) as "suppressedAddresses",
      ${all('outbox', ['at', 'message_id'])} as outbox`;
  return row as CustomerExport;
}
