import type { Consent } from '../../src/domain/customer/consent.ts';
import type { JourneyState } from '../../src/domain/state.ts';
import type { Tx } from '../client.ts';
import { insertRows, type Row } from '../columns.ts';
import { merges } from '../schema.ts';

/** The progress of a customer's journey, as far as a merge needs it. */
export interface JourneyPosition {
  customerId: string;
  /** Sequence number up to which the log is processed. */
  processedSeq: number;
  state: JourneyState | null;
  /** Journey time. */
  lastNow: number;
}

/**
 * Locks the journeys of these customers in the order of their ids and creates the missing rows. Without a row to lock,
 * a decision could create it meanwhile and process events that the merge moves.
 */
export async function lockJourneys(tx: Tx, customerIds: string[]): Promise<Map<string, JourneyPosition>> {
  const sorted = [...new Set(customerIds)].sort();
  await tx`
    insert into journeys (customer_id, workspace, epoch)
    select c.id, c.workspace, w.epoch from customers c join workspaces w on w.id = c.workspace
    where c.id = any(${sorted}) order by c.id
    on conflict do nothing`;
  await tx`select 1 from journeys where customer_id = any(${sorted}) order by customer_id for update`;
  const rows = await tx<JourneyPosition[]>`
    select j.customer_id as "customerId", greatest(j.processed_seq, coalesce(k.processed_seq, 0))
      as "processedSeq", j.state,
           j.last_now as "lastNow"
    from journeys j left join wakes k on k.customer_id = j.customer_id
    where j.customer_id = any(${sorted}) order by j.customer_id`;
  return new Map(rows.map((row) => [row.customerId, row]));
}

/** Those of these customers that have a user id. */
export async function readCustomersWithUserId(tx: Tx, customerIds: string[]): Promise<Set<string>> {
  const rows = await tx<{ id: string }[]>`
    select distinct customer_id as id from identities where customer_id = any(${customerIds}) and type = 'user'
    order by id`;
  return new Set(rows.map((row) => row.id));
}

export async function readConsents(tx: Tx, customerId: string): Promise<Consent[]> {
  return tx<Consent[]>`
    select purpose, channel, topic, status, source, at, seq, speaker from consents
    where customer_id = ${customerId} order by at, seq, purpose, channel, topic`;
}

/**
 * Moves the events of `from` after `afterSeq` to the end of the log of `to`, in their order, with their first customer
 * as origin. Returns how many. Both customers are locked. Old ones leave their month, which may be about to be dropped.
 */
export async function moveEvents(
  tx: Tx,
  move: { from: string; afterSeq: number; to: string; toSeq: number },
): Promise<number> {
  const moved = await tx<{ workspace: string; messageId: string }[]>`
    with untaken as (
      select seq, row_number() over (order by seq) as n from events
      where customer_id = ${move.from} and seq > ${move.afterSeq}
    )
    update events e set customer_id = ${move.to}, seq = ${move.toSeq} + u.n, origin = coalesce(e.origin, ${move.from}),
      kept = case when e.accepted_at < now() - interval '31 days' then 1 else e.kept end
    from untaken u where e.customer_id = ${move.from} and e.seq = u.seq
    returning e.workspace, e.message_id as "messageId"`;
  if (moved.length > 0)
    await tx`
      update message_ids m set customer_id = ${move.to}
      from unnest(${moved.map((e) => e.workspace)}::text[], ${moved.map((e) => e.messageId)}::text[]) as t(w, m)
      where m.workspace = t.w and m.message_id = t.m and m.customer_id = ${move.from}`;
  return moved.length;
}

/** Assigns the loser's identities, enrollments, effects, rewards and coupons to the winner. */
export async function repointRecords(tx: Tx, loser: string, winner: string): Promise<void> {
  await tx`
    update identities set customer_id = ${winner}, origin = coalesce(origin, ${loser}) where customer_id = ${loser}`;
  await tx`delete from tickets where customer_id = ${loser}`;
  await tx`update enrollments set customer_id = ${winner} where customer_id = ${loser}`;
  await tx`update deliveries set customer_id = ${winner} where customer_id = ${loser}`;
  // After the deliveries: an item is added under the lock of its delivery.
  await tx`
    update inbox_items set customer_id = ${winner}, origin = coalesce(origin, ${loser}) where customer_id = ${loser}`;
  await tx`update agent_tasks set customer_id = ${winner} where customer_id = ${loser}`;
  await tx`update rewards set customer_id = ${winner} where customer_id = ${loser}`;
  await tx`update coupons set customer_id = ${winner} where customer_id = ${loser}`;
  await tx`update outbox set customer_id = ${winner} where customer_id = ${loser}`;
}

/**
 * Closes the customer that was merged: clears its progress and points it, and the customers merged into it, to the
 * winner.
 */
export async function closeMergedCustomer(
  tx: Tx,
  loser: { id: string; seq: number },
  winner: string,
): Promise<void> {
  await tx`
    update journeys set state = null, wake_at = null, last_answer = null, updated_at = clock_timestamp()
    where customer_id = ${loser.id}`;
  await tx`
    update journeys w set last_now = greatest(w.last_now, l.last_now) from journeys l
    where w.customer_id = ${winner} and l.customer_id = ${loser.id}`;
  await tx`delete from wakes where customer_id = ${loser.id}`;
  await tx`
    update customers set seq = ${loser.seq}, merged_into = ${winner}, email = null, account_id = null,
      name_key = null, person_key = null, paused = null
    where id = ${loser.id}`;
  await tx`update customers set merged_into = ${winner} where merged_into = ${loser.id}`;
  await tx`
    update customers w set inherits = l.inherits from customers l
    where w.id = ${winner} and l.id = ${loser.id} and w.inherits is null and l.inherits ->> 'from' <> w.id`;
}

export const MERGE_COLUMNS = ['id', 'workspace', 'winner', 'loser', 'reason', 'actor'] as const;

export type MergeRow = Row<typeof merges, (typeof MERGE_COLUMNS)[number]>;

export async function saveMerge(tx: Tx, row: MergeRow): Promise<void> {
  await insertRows(tx, merges, MERGE_COLUMNS, [row]);
}

/** Ids that were merged into these customers. They must be locked with them. */
export async function readIdsMergedInto(tx: Tx, customerIds: string[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from customers where merged_into = any(${customerIds}) order by id`;
  return rows.map((row) => row.id);
}
