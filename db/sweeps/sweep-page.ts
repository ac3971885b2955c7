import type { Consent } from '../../src/domain/customer/consent.ts';
import { emptyProfile, type Profile, type Trait } from '../../src/domain/customer/profile.ts';
import type { Enrollment, JourneyState } from '../../src/domain/state.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { iso } from '../../src/domain/time/time.ts';
import type { Tx } from '../client.ts';
import { consentsJson, ticketsJson } from '../customers/customer-json.ts';
import { KEPT_TIMES } from '../events/event-history.ts';
import { acceptedSince } from '../partitions/recent.ts';

export interface SweepPageQuery {
  workspace: string;
  /** The page begins after this customer. */
  cursor: string;
  limit: number;
  /** Events whose times are read, from `since` (wall clock) on. */
  countedEvents: string[];
  since: number;
  /** Whether open enrollments are read. */
  enrollments: boolean;
}

/** A customer as a sweep evaluates it: what segments, stages and dates read, and the progress of the journey. */
export interface SweptCustomer {
  id: string;
  seq: number;
  profile: Profile;
  paused: { since: number; reason: string; by: string } | null;
  knownSince: number;
  account: { id: string; traits: Record<string, Trait> } | null;
  tickets: Ticket[];
  consents: Consent[];
  eventHistory: Record<string, number[]>;
  /** Journey time, which may be ahead of the wall clock. */
  lastNow: number;
  progress: Pick<JourneyState, 'stage' | 'segments' | 'quietUntil'>;
  /** Journeys with an open enrollment. */
  openJourneys: string[];
  /** Dates for which the journey waits. */
  dates: JourneyState['dates'];
  /** Open enrollments; empty unless requested. */
  enrollments: Enrollment[];
}

/** The next customers of a workspace by id, in one statement, without merged and erased ones. */
export async function readSweepPage(tx: Tx, query: SweepPageQuery): Promise<SweptCustomer[]> {
  const { workspace, cursor, limit, countedEvents: counted, since, enrollments } = query;
  const rows = await tx<SweptCustomer[]>`
    select c.id, c.seq, c.profile, c.paused, (extract(epoch from c.created_at) * 1000)::bigint as "knownSince",
      case when c.account_id is not null
        then json_build_object('id', c.account_id, 'traits', coalesce(a.traits, '{}')) end as account,
      ${ticketsJson(tx, tx`greatest(extract(epoch from clock_timestamp()) * 1000, j.last_now)`)} as tickets,
      ${consentsJson(tx)} as consents,
      ${counted.length === 0 ? tx`'{}'::json` : historyJson(tx, counted, since)} as "eventHistory",
      coalesce(j.last_now, 0) as "lastNow",
      json_build_object('stage', j.state -> 'stage', 'segments', coalesce(j.state -> 'segments', '{}'),
        'quietUntil', j.state -> 'quietUntil') as progress,
      coalesce(jsonb_path_query_array(j.state, '$.enrollments[*].journey'), '[]') as "openJourneys",
      coalesce(j.state -> 'dates', '{}') as dates,
      ${enrollments ? tx`coalesce(j.state -> 'enrollments', '[]')` : tx`'[]'::json`} as enrollments
    from (select * from customers
          where workspace = ${workspace} and id > ${cursor} and merged_into is null and erased_at is null
          order by id limit ${limit}) c
    left join accounts a on a.workspace = c.workspace and a.id = c.account_id
    left join journeys j on j.customer_id = c.id
    order by c.id`;
  // A profile that an earlier build folded may lack members that this build reads.
  return rows.map((row) => ({ ...row, profile: { ...emptyProfile(), ...row.profile } }));
}

function historyJson(tx: Tx, counted: string[], since: number) {
  return tx`(select coalesce(json_object_agg(h.name, h.times), '{}') from (
      select x.name, json_agg((extract(epoch from newest.at) * 1000)::bigint order by newest.at) as times
      from unnest(${counted}::text[]) as x(name)
      cross join lateral (
        select e.at from events e
        where e.customer_id = c.id and e.source <> 'account' and e.repeats is null and e.name = x.name
          and e.at >= ${iso(since)}::timestamptz and ${acceptedSince(tx, since)}
        order by e.at desc limit ${KEPT_TIMES}) newest
      group by x.name) h)`;
}
