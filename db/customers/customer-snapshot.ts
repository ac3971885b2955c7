import type { Consent } from '../../src/domain/customer/consent.ts';
import { emptyProfile, type Profile, type Trait } from '../../src/domain/customer/profile.ts';
import type { ActionClass } from '../../src/domain/definition.ts';
import type { TaskFact } from '../../src/domain/delivery.ts';
import { type JourneyState, upgradeState } from '../../src/domain/state.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { userName } from '../access/user-name.ts';
import type { Tx } from '../client.ts';
import { silencingMembers } from '../config/group-members.ts';
import type { Identity } from '../identity/identities.ts';
import { mergedIdsJson } from '../identity/merged-ids.ts';
import { consentsJson, limitTickets, ticketJson } from './customer-json.ts';

export interface CustomerSnapshot {
  id: string;
  workspace: string;
  /** Time of the snapshot: wall clock in milliseconds. */
  asOf: number;
  createdAt: number;
  eventSeq: number;
  /** Sequence number up to which the journey has processed the log. */
  processedSeq: number;
  profile: Profile;
  /** `name`: of the user of the console who did it. */
  paused: { since: number; reason: string; by: string; name: string | null } | null;
  account: { id: string; traits: Record<string, Trait> } | null;
  configVersion: number;
  /** Ids that were merged into this customer. */
  mergedIds: string[];
  identities: Pick<Identity, 'type' | 'value'>[];
  /** Zero and null until the first decision. */
  ordinal: number;
  state: JourneyState | null;
  bundleVersion: number;
  lastNow: number;
  wakeAt: number | null;
  /**
   * The customer's own tickets, and those of others that would suppress this customer if the workspace's policy says
   * so.
   */
  tickets: SnapshotTicket[];
  consents: Consent[];
  deliveries: {
    id: string;
    enrollmentId: string;
    action: string;
    class: ActionClass;
    channel: string;
    state: string;
    at: number;
  }[];
  tasks: (TaskFact & { snoozedUntil: number | null })[];
  lastDecision: { id: string; at: number; chosen: string | null } | null;
  /** Time of the last write to any part of the snapshot, wall clock in microseconds. */
  updatedAt: number;
}

/** How another customer's ticket concerns this one: through the account, or as the same person in another brand. */
export type SnapshotTicket = Ticket & { through: 'account' | 'group' | null };

type SnapshotRow = Omit<CustomerSnapshot, 'tickets'> & {
  tickets: { ticket: Ticket; through: SnapshotTicket['through'] }[];
};

const SHOWN_IDENTITIES = 500;

/** Of the customer `c` with the journey `j`: wall clock, or ahead of it. */
function journeyTime(tx: Tx) {
  return tx`greatest(extract(epoch from clock_timestamp()) * 1000, j.last_now)`;
}

/** The tickets of the customer `c`, and those of others that may suppress this customer. */
function allTickets(tx: Tx) {
  return tx`
    select k.*, null::text as owner_id, null::text as through from tickets k where k.customer_id = c.id
    union all
    select k.*, k.customer_id as owner_id, case when k.workspace = c.workspace then 'account' else 'group'
      end as through
    from tickets k where k.customer_id <> c.id
      and (k.status = 'open' or k.quiet_until is null or k.quiet_until > ${journeyTime(tx)})
      and ((k.workspace = c.workspace and k.account_id = c.account_id)
           or (k.person_key = c.person_key and k.workspace <> c.workspace
               and k.workspace in (${silencingMembers(tx)})))`;
}

/** The customer as of one instant: journey, deliveries, tickets and consents are joined in one statement (I5). */
export async function viewCustomer(tx: Tx, workspace: string, id: string): Promise<CustomerSnapshot | null> {
  const [row] = await tx<SnapshotRow[]>`
    select
      c.id, c.workspace, (extract(epoch from clock_timestamp()) * 1000)::bigint as "asOf",
      (extract(epoch from c.created_at) * 1000)::bigint as "createdAt", c.seq as "eventSeq", c.profile,
      c.paused || jsonb_build_object('name', ${userName(tx, tx`c.workspace`, tx`c.paused ->> 'by'`)}) as paused,
      coalesce(k.processed_seq, 0) as "processedSeq", w.config_version as "configVersion",
      coalesce(j.ordinal, 0) as ordinal, j.state, coalesce(j.bundle_version, 0) as "bundleVersion",
      coalesce(j.last_now, 0) as "lastNow", j.wake_at as "wakeAt",
      (select coalesce(json_agg(json_build_object('type', type, 'value', value) order by type desc, created_at,
        value), '[]')
       from (select * from identities where customer_id = c.id order by type desc, created_at desc limit ${SHOWN_IDENTITIES})
         newest) as identities,
      ${mergedIdsJson(tx, tx`c.id`)} as "mergedIds",
      case when c.account_id is not null then json_build_object('id', c.account_id, 'traits', coalesce(a.traits,
        '{}')) end as account,
      (select coalesce(json_agg(json_build_object('ticket', ${ticketJson(tx, tx`k.owner_id`)}, 'through', k.through)
         order by k.owner_id nulls first, k.id, k.source), '[]')
       from ${limitTickets(tx, allTickets(tx), journeyTime(tx))} k) as tickets,
      ${consentsJson(tx)} as consents,
      (select coalesce(json_agg(json_build_object('id', id, 'enrollmentId', enrollment_id, 'action', action,
         'class', class, 'channel', channel, 'state', state, 'at', at) order by at, id), '[]')
       from deliveries where customer_id = c.id and state in ('planned', 'held', 'sending')) as deliveries,
      (select coalesce(json_agg(json_build_object('id', id, 'enrollmentId', enrollment_id, 'action', action,
         'class', class, 'key', key, 'state', state, 'queue', queue, 'level', level, 'at', at,
         'acknowledgeBy', acknowledge_by, 'resolveBy', resolve_by, 'snoozedUntil', snoozed_until, 'outcome', outcome) order by at, id), '[]')
       from agent_tasks where customer_id = c.id and state in ('planned', 'open', 'acknowledged')) as tasks,
      (select json_build_object('id', id, 'at', at, 'chosen', chosen ->> 0)
       from decisions where customer_id = c.id and kind = 'journey' and outcome <> 'moved'
       order by epoch desc, ordinal desc limit 1) as "lastDecision",
      (extract(epoch from greatest(c.created_at, j.updated_at,
         (select max(updated_at) from deliveries where customer_id = c.id),
         (select max(updated_at) from agent_tasks where customer_id = c.id))) * 1000000)::bigint as "updatedAt"
    from customers c
    join workspaces w on w.id = c.workspace
    left join accounts a on a.workspace = c.workspace and a.id = c.account_id
    left join wakes k on k.customer_id = c.id
    left join journeys j on j.customer_id = c.id
    where c.id = ${id} and c.workspace = ${workspace}`;
  if (!row) return null;
  // An earlier build may have written both.
  const profile = { ...emptyProfile(), ...row.profile };
  const tickets = row.tickets.map(({ ticket, through }) => ({ ...ticket, through }));
  return { ...row, profile, tickets, state: row.state && upgradeState(row.state) };
}
