import type { Tx } from '../client.ts';
import { acceptedRecently } from '../partitions/recent.ts';

/** What a workspace has of which a change is announced. */
export const CHANGE_TOPICS = ['events', 'tasks', 'rejected', 'deliveries'] as const;

export type ChangeTopic = (typeof CHANGE_TOPICS)[number];

export interface TopicKey {
  workspace: string;
  topic: ChangeTopic;
}

/** A version of a record: its id, and when it got it. */
interface RecentChange {
  key: string;
  /** Null: it is not about one customer. */
  customerId: string | null;
}

/** The records of a topic that were written lately, however old they are. */
export interface RecentChanges extends TopicKey {
  changes: RecentChange[];
  /** Differs once a record has left the newest of a list, or came to it. Null: only records that were written count. */
  list: string | null;
}

/**
 * For how long a change is read again and again. A transaction takes its times before it commits, so what appears may be
 * older than what was seen. Statements end within 10 s.
 */
const RECENT_SECONDS = 20;
/** Changes of a topic that one look reads at most. */
export const MOST_CHANGES = 500;
/** The rejected events of which it is seen that one has left the list. */
const NEWEST_REJECTED = 20;

/**
 * The recent changes of any number of topics. Nothing is read of a topic that stands still. For `union all` with other
 * rows.
 */
export function selectRecentChanges(tx: Tx, topics: readonly TopicKey[]) {
  // A condition of the index: `clock_timestamp()` would be none.
  const since = tx`statement_timestamp() - ${RECENT_SECONDS} * interval '1 second'`;
  return tx`
    select null::json as customer, json_build_object('workspace', t.workspace, 'topic', t.topic, 'list', l.list,
      'changes', coalesce((select json_agg(json_build_object('key', key, 'customerId', customer_id)) from (
        (select e.id as key, e.customer_id from events e
         where t.topic = 'events' and e.workspace = t.workspace and ${acceptedRecently(tx)} and e.accepted_at > ${since}
         order by e.accepted_at desc limit ${MOST_CHANGES})
        union all
        (select concat_ws(' ', id, updated_at), customer_id from agent_tasks
         where t.topic = 'tasks' and workspace = t.workspace and updated_at > ${since}
         order by updated_at desc limit ${MOST_CHANGES})
        union all
        (select id, null from rejected
         where t.topic = 'rejected' and workspace = t.workspace and at > ${since}
         order by at desc limit ${MOST_CHANGES})
        union all
        (select concat_ws(' ', id, updated_at), customer_id from deliveries
         where t.topic = 'deliveries' and workspace = t.workspace and updated_at > ${since}
         order by updated_at desc limit ${MOST_CHANGES})) recent), '[]')) as topic
    from json_to_recordset(${JSON.stringify(topics)}::text::json) as t(workspace text, topic text)
    left join lateral (
      select md5(string_agg(concat_ws(' ', n.id, n.code, n.reason), ' ')) as list from (
        select id, code, reason from rejected where t.topic = 'rejected' and workspace = t.workspace
        order by at desc, id desc limit ${NEWEST_REJECTED}) n) l on true`;
}
