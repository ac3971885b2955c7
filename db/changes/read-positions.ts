import type { Tx } from '../client.ts';
import { acceptedRecently } from '../partitions/recent.ts';

/** What a workspace has of which a change is announced. */
export const CHANGE_TOPICS = ['events', 'tasks', 'rejected', 'deliveries'] as const;

export type ChangeTopic = (typeof CHANGE_TOPICS)[number];

export interface TopicKey {
  workspace: string;
  topic: ChangeTopic;
}

/** Where the newest records of a topic stand. It differs once one came or, if it is among them, has changed. */
export interface TopicPosition extends TopicKey {
  /** Null: there is none. */
  position: string | null;
}

/** Where a customer stands: in the log, and in the journey. */
export interface CustomerPosition {
  customerId: string;
  seq: number;
  ordinal: number;
  mergedInto: string | null;
  erased: boolean;
  /** Differs once anything of it has changed. */
  position: string;
}

/** Transactions may commit in another order than that of their times, so more than the newest record is looked at. */
const NEWEST = 20;
/** A delivery is claimed, and changes until its result is known. */
const NEWEST_DELIVERIES = 50;

type PositionRow = { customer: CustomerPosition | null; topic: TopicPosition | null };

/** Positions of any number of customers and topics, by one statement. */
export async function readPositions(
  tx: Tx,
  customerIds: readonly string[],
  topics: readonly TopicKey[],
): Promise<{ customers: CustomerPosition[]; topics: TopicPosition[] }> {
  const rows = await tx<PositionRow[]>`
    select json_build_object('customerId', c.id, 'seq', c.seq, 'ordinal', coalesce(j.ordinal, 0),
      'mergedInto', c.merged_into, 'erased', c.erased_at is not null,
      'position', concat_ws('/', c.seq, j.epoch, j.ordinal, j.processed_seq, j.updated_at)) as customer, null as topic
    from customers c left join journeys j on j.customer_id = c.id
    where c.id = any(${customerIds as string[]}::text[])
    union all
    select null, json_build_object('workspace', t.workspace, 'topic', t.topic, 'position', case t.topic
      when 'events' then (select md5(string_agg(n.id, ' ')) from (
        select e.id from events e where e.workspace = t.workspace and ${acceptedRecently(tx)}
        order by e.accepted_at desc limit ${NEWEST}) n)
      when 'tasks' then (select md5(string_agg(concat_ws(' ', n.id, n.updated_at), ' ')) from (
        select id, updated_at from agent_tasks where workspace = t.workspace
        order by updated_at desc limit ${NEWEST}) n)
      when 'rejected' then (select md5(string_agg(concat_ws(' ', n.id, n.at, n.code), ' ')) from (
        select id, at, code from rejected where workspace = t.workspace
        order by at desc, id desc limit ${NEWEST}) n)
      when 'deliveries' then (select md5(string_agg(concat_ws(' ', n.id, n.updated_at), ' ')) from (
        select id, updated_at from deliveries where workspace = t.workspace and claimed_at is not null
        order by claimed_at desc limit ${NEWEST_DELIVERIES}) n)
      end)
    from json_to_recordset(${JSON.stringify(topics)}::text::json) as t(workspace text, topic text)`;
  return {
    customers: rows.flatMap(({ customer }) => customer ?? []),
    topics: rows.flatMap(({ topic }) => topic ?? []),
  };
}
