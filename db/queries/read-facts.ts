import type { Consent } from '../../src/domain/consent.ts';
import type { DeliveryFact, TaskFact } from '../../src/domain/delivery.ts';
import type { JourneyEvent } from '../../src/domain/event.ts';
import { emptyProfile, type Profile } from '../../src/domain/profile.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Tx } from '../client.ts';
import { consentsJson, ticketsJson } from './customer-json.ts';

export interface FactsWanted {
  customerId: string;
  /** Take events after this one. */
  afterSeq: number;
  limit: number;
  /** Effects older than this (journey time) matter only if they aren't final or are named in `ids`. */
  since: number;
  ids: string[];
  /** Names of events that end a journey: taken ones that happened after something in the batch are read along. */
  endings: string[];
}

export interface FactsRead {
  configVersion: number;
  seq: number;
  profile: Profile;
  paused: { since: number; reason: string; by: string } | null;
  email: string | null;
  wantSeq: number;
  tookSeq: number;
  events: JourneyEvent[];
  ends: JourneyEvent[];
  tickets: Ticket[];
  consents: Consent[];
  deliveries: DeliveryFact[];
  tasks: TaskFact[];
  past: { journey: string; key: string | null; enteredAt: number }[];
  suppressedAddresses: string[];
}

/**
 * Everything a decision looks at, in one statement: one snapshot, one round trip. Each list is ordered, so that
 * equal rows give equal decisions whatever plan the database picks.
 */
export async function readFacts(tx: Tx, wanted: FactsWanted): Promise<FactsRead | null> {
  const { customerId, afterSeq, limit, since, ids, endings } = wanted;
  const [row] = await tx<FactsRead[]>`
    with mark as (
      select greatest(${afterSeq}::bigint, coalesce((select took_seq from wakes where customer_id = ${customerId}), 0)) as seq
    ), taken as (
      select * from events where customer_id = ${customerId} and seq > (select seq from mark) order by seq limit ${limit}
    )
    select
      w.config_version as "configVersion", c.seq, c.profile, c.paused, c.email,
      coalesce(k.want_seq, 0) as "wantSeq", (select seq from mark) as "tookSeq",
      ${events(tx, tx`(select * from taken) e`)} as events,
      ${events(
        tx,
        tx`(select * from events where customer_id = ${customerId} and seq <= (select seq from mark)
             and name = any(${endings}) and at > (select min(at) from taken) order by seq limit 100) e`,
      )} as ends,
      ${ticketsJson(tx)} as tickets,
      ${consentsJson(tx)} as consents,
      (select coalesce(json_agg(json_build_object('id', id, 'enrollmentId', enrollment_id, 'action', action,
         'class', class, 'topic', topic, 'channel', channel, 'key', key, 'state', state, 'at', at,
         'refusal', case when state = 'held' then verdict end) order by at, id), '[]')
       from deliveries where customer_id = c.id
         and (state in ('planned', 'held', 'sending') or (at > ${since} and state <> 'cancelled') or id = any(${ids}))
      ) as deliveries,
      (select coalesce(json_agg(json_build_object('id', id, 'enrollmentId', enrollment_id, 'action', action,
         'class', class, 'key', key, 'state', state, 'queue', queue, 'level', level, 'at', at,
         'acknowledgeBy', acknowledge_by, 'resolveBy', resolve_by, 'outcome', outcome) order by at, id), '[]')
       from agent_tasks where customer_id = c.id
         and (state in ('planned', 'open', 'acknowledged') or at > ${since} or id = any(${ids}))
      ) as tasks,
      (select coalesce(json_agg(json_build_object('journey', journey, 'key', key, 'enteredAt', entered_at)
         order by journey, key), '[]')
       from (select journey, key, max(entered_at) as entered_at from enrollments
             where customer_id = c.id and ended_at is not null and (key is null or key in (
               select p.value from taken, jsonb_each_text(taken.body -> 'properties') p))
             group by journey, key) past) as past,
      (select coalesce(json_agg(address order by address), '[]') from suppressed_addresses s
       where s.workspace = c.workspace and s.channel = 'email' and s.address = c.email) as "suppressedAddresses"
    from customers c
    join workspaces w on w.id = c.workspace
    left join wakes k on k.customer_id = c.id
    where c.id = ${customerId}`;
  return row ? { ...row, profile: { ...emptyProfile(), ...row.profile } } : null;
}

function events(tx: Tx, from: ReturnType<Tx>) {
  return tx`(select coalesce(json_agg(json_build_object('id', e.id, 'seq', e.seq, 'type', e.type, 'name', e.name,
      'at', (extract(epoch from e.at) * 1000)::bigint, 'acceptedAt', (extract(epoch from e.accepted_at) * 1000)::bigint,
      'historical', e.historical, 'source', e.source, 'messageId', e.message_id, 'properties', e.body -> 'properties',
      'traits', e.body -> 'traits', 'context', e.body -> 'context') order by e.seq), '[]') from ${from})`;
}
