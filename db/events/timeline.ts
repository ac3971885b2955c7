import { EVENT_KIND_RULES } from '../../src/domain/event.ts';
import type { Note } from '../../src/domain/note.ts';
import type { JourneyChange } from '../../src/engine/journey/journey-change.ts';
import { userName } from '../access/user-name.ts';
import type { Tx } from '../client.ts';
import { type DecisionRecord, decodeRecord } from '../decisions/record/decision-record.ts';

export interface TimelineEvent {
  of: 'event';
  id: string;
  seq: number;
  at: number;
  acceptedAt: number;
  name: string;
  source: string;
  historical: boolean;
  properties: Record<string, unknown>;
  /** The name of the user of the console that `properties.actor` names. */
  actorName: string | null;
  /** Those of the call. An `identify` may have them in its context. */
  traits: Record<string, unknown>;
  /** The member of the account whose event this echo repeats. */
  from: string | null;
  /** The id for which it was accepted, if that customer was merged into this one. */
  origin: string | null;
  /** The event whose fact this one repeats. */
  repeats: string | null;
  /** The decision that processed it. */
  decisionId: string | null;
  changes: JourneyChange[] | null;
  notes: Note[] | null;
  /** What a browser key stated and does not count, by path. */
  withheld: Record<string, unknown> | null;
}

export interface TimelineDecision {
  of: 'decision';
  id: string;
  at: number;
  acceptedAt: number;
  seq: number;
  outcome: string;
  chosen: string[];
  changes: JourneyChange[];
  /** Of a decision that holds: what it chose and judged. */
  judged: Pick<DecisionRecord, 'actions' | 'candidates'> | null;
}

export interface TimelineEffect {
  of: 'delivery' | 'task';
  id: string;
  at: number;
  acceptedAt: number;
  action: string;
  class: string;
  channel: string;
  state: string;
  error: string | null;
  enrollmentId: string;
  decisionId: string;
}

export type TimelineRow = { wall: string; item: TimelineEvent | TimelineDecision | TimelineEffect };

type StoredItem =
  | Omit<TimelineEvent, 'changes'>
  | Omit<TimelineDecision, 'changes' | 'judged'>
  | TimelineEffect;

/**
 * The history of a customer under all merged ids, newest first: events, decisions that changed something, and those
 * states of deliveries and tasks that no event reports.
 */
export async function viewTimeline(
  tx: Tx,
  query: {
    customerIds: string[];
    limit: number;
    before: { wall: string; id: string } | null;
    /** Only these kinds of items. Missing: all. */
    kinds?: readonly string[] | undefined;
  },
): Promise<TimelineRow[]> {
  const { customerIds, limit, before, kinds } = query;
  const only = (kind: string) => (kinds === undefined || kinds.includes(kind) ? tx`` : tx`and false`);
  const page = (wall: ReturnType<Tx>, id: ReturnType<Tx>) => tx`
    ${before === null ? tx`` : tx`and (${wall}, ${id}) < (${before.wall}::text::timestamptz, ${before.id})`}
    order by ${wall} desc, ${id} desc limit ${limit}`;
  // The events of the page are selected first, and then the decisions that processed any of them, all at once.
  const rows = await tx<{ wall: string; item: StoredItem; record: Uint8Array | null }[]>`
    with paged as materialized (
      select * from events e where e.customer_id = any(${customerIds}) ${onlyKinds(tx, kinds)}
        ${page(tx`e.accepted_at`, tx`e.id`)}
    ), processing as materialized (
      select id, customer_id, epoch, ordinal, from_seq, to_seq, record from decisions
      where customer_id = any(${customerIds}) and from_seq < (select max(seq) from paged)
        and to_seq >= (select min(seq) from paged) and to_seq > from_seq
    )
    select wall::text as wall, item, record from (
      (select e.accepted_at as wall, e.id, json_build_object('of', 'event', 'id', e.id, 'seq', e.seq,
         'at', (extract(epoch from e.at) * 1000)::bigint,
         'acceptedAt', (extract(epoch from e.accepted_at) * 1000)::bigint, 'name', e.name, 'source', e.source,
         'historical', e.historical, 'from', e.body #>> '{context,account,from}', 'origin', e.origin,
         'repeats', e.repeats,
         'actorName', ${userName(tx, tx`e.workspace`, tx`e.body #>> '{properties,actor}'`)},
           'properties', e.body -> 'properties', 'traits', case
             when e.type = 'identify' and jsonb_typeof(e.body #> '{context,traits}') = 'object'
             then (e.body #> '{context,traits}') || (e.body -> 'traits') else e.body -> 'traits' end,
         'decisionId', d.id, 'notes', e.notes, 'withheld', e.body -> 'withheld') as item, d.record
       from paged e
       left join lateral (select id, record from processing
         where customer_id = e.customer_id and from_seq < e.seq and to_seq >= e.seq
         order by epoch, ordinal limit 1) d on true)
      union all
      (select committed_at, id, json_build_object('of', 'decision', 'id', id, 'at', at,
         'acceptedAt', (extract(epoch from committed_at) * 1000)::bigint, 'seq', to_seq, 'outcome', outcome,
         'chosen', coalesce(chosen, '[]')), record
       from decisions where customer_id = any(${customerIds})
         and (outcome = 'acted' or changed or (outcome = 'held' and to_seq > from_seq))
         ${only('decision')}
         ${page(tx`committed_at`, tx`id`)})
      union all
      (select updated_at, id, json_build_object('of', 'delivery', 'id', id, 'at', at,
         'acceptedAt', (extract(epoch from updated_at) * 1000)::bigint, 'action', action, 'class', class,
         'channel', channel, 'state', state, 'error', error, 'enrollmentId', enrollment_id, 'decisionId', decision_id),
         null::bytea
       from deliveries where customer_id = any(${customerIds}) and state in ('planned', 'sending', 'cancelled')
         ${only('delivery')}
         ${page(tx`updated_at`, tx`id`)})
      union all
      (select updated_at, id, json_build_object('of', 'task', 'id', id, 'at', at,
         'acceptedAt', (extract(epoch from updated_at) * 1000)::bigint, 'action', action, 'class', class,
         'channel', 'agent_desk', 'state', state, 'error', null, 'enrollmentId', enrollment_id,
         'decisionId', decision_id), null::bytea
       from agent_tasks t where customer_id = any(${customerIds}) and (state in ('planned', 'expired')
         or (state = 'withdrawn' and not exists (select 1 from events e where e.customer_id = t.customer_id
           and e.name = 'Task Withdrawn' and e.body -> 'properties' ->> 'task_id' = t.id)))
         ${only('task')}
         ${page(tx`updated_at`, tx`id`)})
    ) items order by items.wall desc, items.id desc limit ${limit}`;
  return rows.map(({ wall, item, record }) => {
    if (item.of !== 'event' && item.of !== 'decision') return { wall, item };
    if (item.of === 'decision' && item.outcome === 'held' && record) {
      const { changes, ...judged } = decodeRecord(record, 'changes', 'actions', 'candidates');
      return { wall, item: { ...item, changes, judged } };
    }
    const changes = record && decodeRecord(record, 'changes').changes;
    return { wall, item: { ...item, changes, judged: null } as TimelineEvent | TimelineDecision };
  });
}

/** The events `e` of these kinds (`classifyEvent`). */
function onlyKinds(tx: Tx, kinds: readonly string[] | undefined) {
  if (kinds === undefined) return tx``;
  const cases = EVENT_KIND_RULES.map(
    ({ kind, names, prefixes }) => tx`
      when e.name = any(${[...names]}::text[]) or e.name ^@ any(${[...prefixes]}::text[]) then ${kind}::text`,
  ).reduce((left, right) => tx`${left} ${right}`);
  return tx`and case ${cases} else 'behaviour' end = any(${[...kinds]}::text[])`;
}
