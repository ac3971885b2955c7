import { foldName } from '../../src/domain/customer/customer-name.ts';
import { normaliseEmailAddress } from '../../src/domain/customer/email-address.ts';
import { readPhoneKey } from '../../src/domain/customer/phone-number.ts';
import type { Profile } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';
import type { Identity } from '../identity/identities.ts';
import { nameTraits } from './customer-json.ts';
import { selectInSegment } from './in-segment.ts';
import { isSuppressed, type SuppressionReach, selectSuppressed } from './suppressed.ts';

export interface CustomerSummaryRow {
  id: string;
  createdAt: number;
  /** For the cursor: exact to the microsecond. */
  created: string;
  eventSeq: number;
  identities: Pick<Identity, 'type' | 'value'>[];
  /** What their name is read from. */
  traits: Pick<Profile, 'traits'>['traits'];
  stage: string | null;
  paused: boolean;
  /** The customer's last decision could not be made. */
  parked: boolean;
  openTickets: number;
  /** Whether tickets suppress messages: open ones, their cool-downs, those of others. */
  suppressed: boolean;
}

/** What narrows a list of customers. */
interface CustomerFilters {
  /** Only those who are parked. */
  parked?: boolean;
  /** Only those with an open ticket of their own. */
  ticketOpen?: boolean;
  /** Only those in this stage. */
  stage?: string | undefined;
  /** Only those with an open enrollment of this journey. */
  journey?: string | undefined;
  /** Only those who are in this segment; a journey's entry must use it. */
  segment?: string | undefined;
  /** Only the members of this account. */
  account?: string | undefined;
  /** Only those to whom tickets suppress messages. */
  suppressed?: boolean;
}

interface CustomerSearch extends CustomerFilters {
  reach: SuppressionReach;
  workspace: string;
  /** Empty: all customers. */
  q: string;
  /** Whose national notation of phone numbers is understood. */
  country?: string | undefined;
  limit: number;
  after: { created: string; id: string } | null;
}

/** Identities of a customer in a list: a device may have thousands. */
const SHOWN_IDENTITIES = 5;

/** Customers who match a search, newest first. */
export async function findCustomers(tx: Tx, query: CustomerSearch): Promise<CustomerSummaryRow[]> {
  const { workspace, q, limit, after, reach } = query;
  return tx<CustomerSummaryRow[]>`
    select c.id, (extract(epoch from c.created_at) * 1000)::bigint as "createdAt", c.created_at::text as created,
           c.seq as "eventSeq", c.paused is not null as paused, j.state #>> '{stage,id}' as stage,
           coalesce(j.state ? 'poison', false) as parked,
           ${nameTraits(tx)} as traits,
           (select count(*) from tickets where customer_id = c.id and status = 'open') as "openTickets",
           ${isSuppressed(tx, reach)} as suppressed,
           (select coalesce(json_agg(json_build_object('type', type, 'value', value) order by type desc,
             created_at, value), '[]')
            from (select * from identities where customer_id = c.id order by type desc, value
              limit ${SHOWN_IDENTITIES}) shown) as identities
    from (
      select c.* from customers c
      where c.workspace = ${workspace} and c.merged_into is null and c.erased_at is null
        ${q === '' ? tx`` : tx`and c.id in (${matchCustomers(tx, query)})`}
        ${filterCustomers(tx, query)}
        ${after === null ? tx`` : tx`and (c.created_at, c.id) < (${after.created}::text::timestamptz, ${after.id})`}
      order by c.created_at desc, c.id desc limit ${limit}
    ) c left join journeys j on j.customer_id = c.id
    order by c.created_at desc, c.id desc`;
}

function filterCustomers(tx: Tx, search: CustomerSearch) {
  const { workspace, parked, ticketOpen, stage, journey, segment, account, suppressed, reach } = search;
  return tx`
    ${account === undefined ? tx`` : tx`and c.account_id = ${account}`}
    ${suppressed ? tx`and c.id in (${selectSuppressed(tx, workspace, reach)})` : tx``}
    ${segment === undefined ? tx`` : tx`and c.id in (${selectInSegment(tx, workspace, segment)})`}
    ${
      parked
        ? tx`and c.id in (select customer_id from journeys where workspace = ${workspace} and state ? 'poison')`
        : tx``
    }
    ${
      ticketOpen
        ? tx`and c.id in (select customer_id from tickets where workspace = ${workspace} and status = 'open')`
        : tx``
    }
    ${
      stage === undefined
        ? tx``
        : tx`and c.id in (
            select customer_id from journeys where workspace = ${workspace} and state #>> '{stage,id}' = ${stage})`
    }
    ${
      journey === undefined
        ? tx``
        : tx`and c.id in (
            select customer_id from enrollments
            where workspace = ${workspace} and journey = ${journey} and ended_at is null)`
    }`;
}

/** Matches of one kind that are considered. So a search costs the same, however many customers there are. */
const MOST_MATCHES = 1_000;

/**
 * Ids of customers whom a text names: by the beginning of an identity, an address, a name, a last name or an id; by
 * the whole number of an order or a ticket, the code of a coupon, or the id of an account. Each part is read from an
 * index, in its order, so an exact match comes first.
 */
function matchCustomers(tx: Tx, { workspace, q, country }: CustomerSearch) {
  const prefix = toPrefix(q);
  const email = toPrefix(normaliseEmailAddress(q) ?? q.toLowerCase());
  const phone = toPrefix(readPhoneKey(q, country) ?? q);
  const name = foldName(q.replace(/^([^,]+),\s*(.+)$/, '$2 $1'));
  const number = q.replace(/^#/, '');
  const identity = (type: Identity['type'], value: string) => tx`
    (select customer_id from identities where workspace = ${workspace} and type = ${type} and value like ${value}
     order by value limit ${MOST_MATCHES})`;
  return tx`
    ${identity('user', prefix)} union all ${identity('anon', prefix)} union all ${identity('external', prefix)}
    union all ${identity('email', email)} union all ${identity('phone', phone)}
    ${phone === prefix ? tx`` : tx`union all ${identity('phone', prefix)}`}
    union all (select id from customers where workspace = ${workspace} and email like ${email}
      order by email using ~<~ limit ${MOST_MATCHES})
    union all (select id from customers where workspace = ${workspace} and name_key like ${toPrefix(name)}
      order by name_key using ~<~ limit ${MOST_MATCHES})
    union all (select id from customers where workspace = ${workspace}
      and substring(name_key from '[^ ]+$') like ${toPrefix(name)}
      order by substring(name_key from '[^ ]+$') using ~<~ limit ${MOST_MATCHES})
    union all (select customer_id from tickets where workspace = ${workspace} and id = ${number}
      limit ${MOST_MATCHES})
    union all (select customer_id from events where workspace = ${workspace}
      and name in ('Order Completed', 'Payment Failed')
      and left(body #>> '{properties,order_id}', 200) = left(${number}, 200) limit ${MOST_MATCHES})
    union all (select customer_id from coupons where workspace = ${workspace} and code in (${q}, upper(${q})))
    union all (select id from customers where workspace = ${workspace} and account_id = ${q}
      order by id limit ${MOST_MATCHES})
    ${isIdPrefix(q) ? tx`union all ${matchIds(tx, workspace, q)}` : tx``}`;
}

/** Ids are hexadecimal, so those that begin with a text are in one range in every locale. */
function matchIds(tx: Tx, workspace: string, q: string) {
  return tx`
    (select id from customers where workspace = ${workspace} and id >= ${q} and id < ${`${q}g`}
     order by id limit ${MOST_MATCHES})`;
}

function isIdPrefix(q: string): boolean {
  return /^cus_[0-9a-f]{1,32}$/.test(q);
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
