import type { Tx } from '../client.ts';

/** An echo in the log of another member of the account. */
export interface Echo {
  customerId: string;
  id: string;
  seq: number;
}

/** The next customers, by id, whose records may hold what these customers have stated to their accounts. */
export async function pageMembersWithEchoes(
  tx: Tx,
  ids: string[],
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from (
      select c.id from erasures e join customers c on c.workspace = e.workspace and c.account_id = any(e.accounts)
      where e.customer_id = any(${ids})
      union
      select customer_id from events where source = 'account' and body #>> '{context,account,from}' = any(${ids})
    ) m where id > ${after} and id <> all(${ids}) order by id limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** The echoes of events of these customers in the logs of others. */
export async function readEchoes(tx: Tx, ids: string[], members: string[]): Promise<Echo[]> {
  return tx<Echo[]>`
    select customer_id as "customerId", id, seq from events
    where source = 'account' and body #>> '{context,account,from}' = any(${ids}) and customer_id = any(${members})`;
}

/** Takes the content of echoes out of enrollments, deliveries and tasks that they have led to. */
export async function eraseEchoes(tx: Tx, echoes: Echo[]): Promise<void> {
  const members = [...new Set(echoes.map(({ customerId }) => customerId))].sort();
  const ids = echoes.map(({ id }) => id);
  await tx`select 1 from journeys where customer_id = any(${members}) order by customer_id for update`;
  await tx`
    update journeys j set state = jsonb_set(j.state, '{enrollments}', (
      select coalesce(jsonb_agg(case when e #>> '{entry,id}' = any(${ids})
        then e || jsonb_build_object('entry', (e -> 'entry') || '{"properties":{}}', 'vars', '{}'::jsonb) else e end
        order by n), '[]')
      from jsonb_array_elements(j.state -> 'enrollments') with ordinality x(e, n)))
    where j.customer_id = any(${members})
      and exists (select 1 from jsonb_array_elements(j.state -> 'enrollments') e where e #>> '{entry,id}' = any(${ids}))`;
  await tx`
    update deliveries set entry = entry || '{"properties":{}}',
      -- That an attempt is open must not be forgotten; it is not repeated without its message.
      pending_message = case when pending_message is not null then '{}'::json end
    where customer_id = any(${members}) and entry ->> 'id' = any(${ids})`;
  await tx`
    update agent_tasks t set "case" = jsonb_set(t."case", '{history}', (
      select coalesce(jsonb_agg(case when exists (${echoOf(tx, echoes)}) then i || '{"properties":{}}' else i end
        order by n), '[]')
      from jsonb_array_elements(t."case" -> 'history') with ordinality x(i, n)))
    where t.customer_id = any(${members}) and exists (
      select 1 from jsonb_array_elements(t."case" -> 'history') i where exists (${echoOf(tx, echoes)}))`;
}

/** Whether item `i` of the history in a task `t` is one of the echoes. */
function echoOf(tx: Tx, echoes: Echo[]) {
  return tx`
    select 1 from unnest(${echoes.map(({ customerId }) => customerId)}::text[], ${echoes.map(({ seq }) => seq)}::bigint[])
      as o(customer_id, seq)
    where o.customer_id = t.customer_id and o.seq = (i ->> 'seq')::bigint`;
}

/** Those of these customers whom tickets silence: the ticket may have been that of an erased member. */
export async function findSilenced(tx: Tx, members: string[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select customer_id as id from journeys
    where customer_id = any(${members}) and state -> 'openTickets' <> '[]' order by customer_id`;
  return rows.map(({ id }) => id);
}
