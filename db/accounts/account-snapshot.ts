import type { Profile, Trait } from '../../src/domain/customer/profile.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Tx } from '../client.ts';
import { nameTraits, ticketJson } from '../customers/customer-json.ts';
import type { Identity } from '../identity/identities.ts';

export interface AccountSnapshot {
  id: string;
  /** Time of the snapshot: wall clock in milliseconds. */
  asOf: number;
  createdAt: number;
  traits: Record<string, Trait>;
  configVersion: number;
  members: number;
  /** Of all members, with `ownerId`: the open tickets, and the closed ones whose cool-down may not be over. */
  tickets: Ticket[];
}

/** At most so many tickets are returned. */
const TICKETS = 500;

/** An account as of one instant, or null if the workspace has no such account. */
export async function viewAccount(tx: Tx, workspace: string, id: string): Promise<AccountSnapshot | null> {
  const [row] = await tx<AccountSnapshot[]>`
    select a.id, (extract(epoch from clock_timestamp()) * 1000)::bigint as "asOf",
      (extract(epoch from a.created_at) * 1000)::bigint as "createdAt", a.traits, w.config_version as "configVersion",
      (select count(*) from customers where workspace = a.workspace and account_id = a.id
         and merged_into is null and erased_at is null) as members,
      (select coalesce(json_agg(${ticketJson(tx, tx`k.customer_id`)} order by k.opened_at, k.customer_id, k.id), '[]')
       from (select * from tickets where workspace = a.workspace and account_id = a.id
               and (status = 'open' or quiet_until is null
                 or quiet_until > (extract(epoch from statement_timestamp()) * 1000)::bigint)
             order by opened_at, customer_id, id limit ${TICKETS}) k) as tickets
    from accounts a join workspaces w on w.id = a.workspace
    where a.workspace = ${workspace} and a.id = ${id}`;
  return row ?? null;
}

export interface MemberRow {
  id: string;
  eventSeq: number;
  identities: Pick<Identity, 'type' | 'value'>[];
  openTickets: number;
  /** What their name is read from. */
  traits: Pick<Profile, 'traits'>['traits'];
}

/** The members of an account, by id. */
export async function viewMembers(
  tx: Tx,
  query: { workspace: string; accountId: string; limit: number; after: string | null },
): Promise<MemberRow[]> {
  const { workspace, accountId, limit, after } = query;
  return tx<MemberRow[]>`
    select c.id, c.seq as "eventSeq", ${nameTraits(tx)} as traits,
      (select coalesce(json_agg(json_build_object('type', type, 'value', value) order by type desc, created_at,
        value), '[]')
       from identities where customer_id = c.id) as identities,
      (select count(*) from tickets where customer_id = c.id and status = 'open') as "openTickets"
    from customers c
    where c.workspace = ${workspace} and c.account_id = ${accountId} and c.merged_into is null and c.erased_at is null
      ${after === null ? tx`` : tx`and c.id > ${after}`}
    order by c.id limit ${limit}`;
}
