import { emptyProfile } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';
import { eraseEventNames } from '../events/event-names.ts';
import { eraseNoteExamples } from '../events/note-counts.ts';

/** Writes the tombstones: after this commit nothing is accepted, claimed or decided for these ids. */
export async function writeTombstones(
  tx: Tx,
  workspace: string,
  ids: string[],
  { actor, identities }: { actor: string; identities: string[] },
): Promise<void> {
  const accounts = await readAccountsOf(tx, workspace, ids);
  await tx`
    update customers set erased_at = coalesce(erased_at, clock_timestamp()), seq = 0, email = null, name_key = null,
      person_key = null, paused = null, inherits = null, profile = ${JSON.stringify(emptyProfile())}::text::jsonb
    where id = any(${ids})`;
  await tx`delete from identities where customer_id = any(${ids})`;
  await tx`
    insert into erasures (customer_id, workspace, actor, identities, accounts)
      select id, ${workspace}, ${actor}, ${identities}::text[], ${accounts}::text[] from unnest(${ids}::text[]) as t(id)
    on conflict do nothing`;
}

/** The accounts that these customers belong to, have stated traits of, or have sent a group call about. */
async function readAccountsOf(tx: Tx, workspace: string, ids: string[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select account_id as id from customers where id = any(${ids}) and account_id is not null
    union
    select id from accounts where workspace = ${workspace}
      and jsonb_path_query_array(traits, '$.*.by') ?| ${ids}::text[]
    union
    select body #>> '{properties,groupId}' from events
    where customer_id = any(${ids}) and type = 'group' and body #>> '{properties,groupId}' is not null`;
  return rows.map(({ id }) => id);
}

/** Deletes the traits of accounts that only these customers have stated, and accounts that nobody else belongs to. */
export async function eraseFromAccounts(tx: Tx, workspace: string, ids: string[]): Promise<void> {
  const rows = await tx<{ id: string }[]>`
    select a.id from accounts a
    where a.workspace = ${workspace}
      and a.id in (select unnest(e.accounts) from erasures e where e.customer_id = any(${ids}))
    order by a.id for update`;
  const accounts = rows.map(({ id }) => id);
  if (accounts.length === 0) return;
  await tx`
    update accounts a set traits = (
      select coalesce(jsonb_object_agg(t.key, t.value), '{}') from jsonb_each(a.traits) t
      where coalesce(t.value ->> 'by', '') <> all(${ids}))
    where a.workspace = ${workspace} and a.id = any(${accounts})
      and exists (select 1 from jsonb_each(a.traits) t where t.value ->> 'by' = any(${ids}))`;
  await tx`
    delete from accounts a where a.workspace = ${workspace} and a.id = any(${accounts})
      and not exists (select 1 from customers c
        where c.workspace = a.workspace and c.account_id = a.id and c.id <> all(${ids}))`;
}

/**
 * Deletes the events of these ids. Echoes in the logs of other members keep their sequence number and lose their
 * content.
 */
export async function deleteEvents(tx: Tx, workspace: string, ids: string[]): Promise<void> {
  await tx`delete from fanouts where customer_id = any(${ids})`;
  await tx`
    update events set body = jsonb_set(body, '{properties}', '{}')
    where source = 'account' and body #>> '{context,account,from}' = any(${ids}) and body -> 'properties' <> '{}'`;
  // Message ids have no index by customer. Those of the log are those of the customer.
  const owned = tx`(e.customer_id = any(${ids}) and (e.origin is null or e.origin = any(${ids})) or e.origin = any(${ids}))`;
  await tx`
    delete from rejected r using events e
    where ${owned} and r.workspace = ${workspace} and r.message_id = e.message_id`;
  await tx`
    delete from rejected r using erasures e
    where e.customer_id = any(${ids}) and r.workspace = e.workspace and r.identities && e.identities`;
  await tx`
    delete from message_ids m using events e
    where ${owned} and m.workspace = ${workspace} and m.message_id = e.message_id`;
  await tx`delete from outbox where customer_id = any(${ids})`;
  await forgetCountedEvents(tx, workspace, ids);
  // After an unmerge, a log contains events of the other customer. Those stay in this log; the erased events in the
  // other log keep their sequence number and lose their content.
  await tx`
    delete from events where customer_id = any(${ids}) and (origin is null or origin = any(${ids}))`;
  await tx`
    update events set body = '{"properties":{},"traits":{},"context":{}}', notes = null, name = ${ERASED}, message_id = id
    where origin = any(${ids}) and customer_id <> all(${ids})`;
  await deleteCounts(tx, workspace, ids);
  await eraseNoteExamples(tx, ids);
  await eraseEventNames(tx, ids);
  await tx`delete from identities where customer_id = any(${ids})`;
  await tx`delete from known_facts where customer_id = any(${ids})`;
}

/** Takes events of these ids out of what was counted of other logs, and has those counted again. */
async function forgetCountedEvents(tx: Tx, workspace: string, ids: string[]): Promise<void> {
  await tx`
    with others as (
      select customer_id as id from events where origin = any(${ids}) and customer_id <> all(${ids})
      union
      select unmerged_from from merges where (loser = any(${ids}) or unmerged_into = any(${ids}))
        and unmerged_from is not null and unmerged_from <> all(${ids})
    ), queued as (
      insert into report_changes (workspace, customer_id) select ${workspace}, id from others
    )
    update report_customers set facts = jsonb_set(facts, '{events}', (
      select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(facts -> 'events') e
      where coalesce(e ->> 2, '') <> all(${ids})))
    where customer_id in (select id from others)`;
}

/**
 * Deletes what reports know of these ids. Their counts are taken away by the next count; the queue holds them without
 * the person.
 */
async function deleteCounts(tx: Tx, workspace: string, ids: string[]): Promise<void> {
  await tx`delete from report_changes where customer_id = any(${ids})`;
  await tx`
    with gone as (
      delete from report_customers where customer_id = any(${ids}) returning generation, counted
    )
    insert into report_changes (workspace, customer_id, generation, minus)
    select ${workspace}, '', generation, counted from gone`;
}

/** Name of the events of an erased customer in the log of another. */
const ERASED = 'Erased';

/** Deletes decisions, effects, progress and merges of these ids. */
export async function deleteDecisionsAndEffects(tx: Tx, ids: string[]): Promise<void> {
  await tx`delete from decisions where customer_id = any(${ids})`;
  await tx`delete from enrollments where customer_id = any(${ids})`;
  await tx`delete from journeys where customer_id = any(${ids})`;
  await tx`delete from tickets where customer_id = any(${ids})`;
  await tx`delete from consents where customer_id = any(${ids})`;
  await tx`
    delete from sent_messages m using deliveries d where d.customer_id = any(${ids}) and m.delivery_id = d.id`;
  await tx`delete from deliveries where customer_id = any(${ids})`;
  // After the deliveries: an item is added under the lock of its delivery.
  await tx`delete from inbox_items where customer_id = any(${ids})`;
  await tx`delete from agent_tasks where customer_id = any(${ids})`;
  await deleteRewards(tx, ids);
  await tx`delete from coupons where customer_id = any(${ids})`;
  await tx`delete from wakes where customer_id = any(${ids})`;
  await tx`delete from merges where winner = any(${ids}) or loser = any(${ids})`;
  await tx`delete from merges_due where first_id = any(${ids}) or second_id = any(${ids})`;
  await tx`update customers set account_id = null where id = any(${ids})`;
}

/**
 * Deletes rewards and their increments, which contain features of the customer. The learning job may hold locks on
 * rewards; the second statement sees the increments that it wrote before it released them. Models stay: they are sums
 * over all customers, from which no single part can be recovered and whose influence halves each month.
 */
async function deleteRewards(tx: Tx, ids: string[]): Promise<void> {
  const rows = await tx<{ id: string }[]>`delete from rewards where customer_id = any(${ids}) returning id`;
  if (rows.length > 0) await tx`delete from model_deltas where reward_id = any(${rows.map(({ id }) => id)})`;
}
