import { normaliseEmailAddress } from '../../src/domain/customer/email-address.ts';
import { readPhoneKey } from '../../src/domain/customer/phone-number.ts';
import type { Tx } from '../client.ts';
import type { Identity } from '../identity/identities.ts';

export interface CustomerSummaryRow {
  id: string;
  createdAt: number;
  /** For the cursor: exact to the microsecond. */
  created: string;
  eventSeq: number;
  identities: Pick<Identity, 'type' | 'value'>[];
  paused: boolean;
  /** The customer's last decision could not be made. */
  parked: boolean;
  openTickets: number;
}

/**
 * Customers with an identity, an address or an id that begins with `q`, or all customers if `q` is empty. Newest first.
 * @param query `country`: whose national notation of phone numbers is understood; `parked`: only those who are parked
 */
export async function findCustomers(
  tx: Tx,
  query: {
    workspace: string;
    q: string;
    country?: string | undefined;
    parked?: boolean;
    limit: number;
    after: { created: string; id: string } | null;
  },
): Promise<CustomerSummaryRow[]> {
  const { workspace, q, limit, after, parked = false } = query;
  const prefix = toPrefix(q);
  const email = toPrefix(normaliseEmailAddress(q) ?? q.toLowerCase());
  const phone = toPrefix(readPhoneKey(q, query.country) ?? q);
  return tx<CustomerSummaryRow[]>`
    select c.id, (extract(epoch from c.created_at) * 1000)::bigint as "createdAt", c.created_at::text as created,
           c.seq as "eventSeq", c.paused is not null as paused,
           coalesce((select j.state ? 'poison' from journeys j where j.customer_id = c.id), false) as parked,
           (select count(*) from tickets where customer_id = c.id and status = 'open') as "openTickets",
           (select coalesce(json_agg(json_build_object('type', type, 'value', value) order by type desc,
             created_at, value), '[]')
            from identities where customer_id = c.id) as identities
    from customers c
    where c.workspace = ${workspace} and c.merged_into is null and c.erased_at is null
      ${
        q === ''
          ? tx``
          : tx`and c.id in (
              select customer_id from identities where workspace = ${workspace} and type = 'user'
                and value like ${prefix}
              union all
              select customer_id from identities where workspace = ${workspace} and type = 'anon'
                and value like ${prefix}
              union all
              select customer_id from identities where workspace = ${workspace} and type = 'email'
                and value like ${email}
              union all
              select id from customers where workspace = ${workspace} and email like ${email}
              union all
              select customer_id from identities where workspace = ${workspace} and type = 'phone'
                and (value like ${phone} or value like ${prefix})
              union all
              select customer_id from identities where workspace = ${workspace} and type = 'external'
                and value like ${prefix}
              union all
              select id from customers where workspace = ${workspace} and id like ${prefix})`
      }
      ${
        parked
          ? tx`and c.id in (select customer_id from journeys where workspace = ${workspace} and state ? 'poison')`
          : tx``
      }
      ${after === null ? tx`` : tx`and (c.created_at, c.id) < (${after.created}::text::timestamptz, ${after.id})`}
    order by c.created_at desc, c.id desc limit ${limit}`;
}

function toPrefix(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** The customer with this identity. */
export async function findByIdentity(
  tx: Tx,
  workspace: string,
  type: Identity['type'],
  value: string,
): Promise<string | null> {
  const [row] = await tx<{ customerId: string }[]>`
    select customer_id as "customerId" from identities
    where workspace = ${workspace} and type = ${type} and value = ${value}`;
  return row?.customerId ?? null;
}

/** The customer with this telephone number, in any notation; national ones are of `country`. */
export async function findByPhone(
  tx: Tx,
  workspace: string,
  phone: string,
  country?: string,
): Promise<string | null> {
  const key = readPhoneKey(phone, country);
  return key === undefined ? null : findByIdentity(tx, workspace, 'phone', key);
}
