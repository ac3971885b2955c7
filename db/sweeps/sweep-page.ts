import type { Consent } from '../../src/domain/customer/consent.ts';
import { emptyProfile, type Profile, type Trait } from '../../src/domain/customer/profile.ts';
import type { Enrollment, JourneyState } from '../../src/domain/state.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Tx } from '../client.ts';
import { consentsJson, ticketsJson } from '../customers/customer-json.ts';

export interface SweepPageQuery {
  workspace: string;
  /** Customers after this one. */
  cursor: string;
  limit: number;
  /** Events whose times are read along, from `since` (wall clock) on. */
  countedEvents: string[];
  since: number;
  /** Whether their open enrollments are read along. */
  enrollments: boolean;
}

/** One customer as a sweep looks at them: what segments, stages and dates may read, and what the journey knows of it. */
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
  /** The journey's clock, which may be ahead of the wall's. */
  lastNow: number;
  progress: Pick<JourneyState, 'stage' | 'segments' | 'quietUntil'>;
  /** Journeys that they are in. */
  openJourneys: string[];
  /** Dates that the journey waits for. */
  dates: JourneyState['dates'];
  /** Their open enrollments; empty if they weren't asked for. */
  enrollments: Enrollment[];
}

/** The next customers of a workspace by id, in one statement. Who was merged into another or erased is passed over. */
export async function readSweepPage(tx: Tx, wanted: SweepPageQuery): Promise<SweptCustomer[]> {
  const { workspace, cursor, limit, countedEvents: counted, since, enrollments } = wanted;
  const rows = await tx<SweptCustomer[]>`
    select c.id, c.seq, c.profile, c.paused, (extract(epoch from c.created_at) * 1000)::bigint as "knownSince",
      case when c.account_id is not null
        then json_build_object('id', c.account_id, 'traits', coalesce(a.traits, '{}')) end as account,
      ${ticketsJson(tx)} as tickets,
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
      select e.name, json_agg((extract(epoch from e.at) * 1000)::bigint order by e.at) as times from events e
      where e.customer_id = c.id and e.name = any(${counted}) and e.at >= ${new Date(since).toISOString()}::timestamptz
      group by e.name) h)`;
}
