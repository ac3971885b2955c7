import type { Tx } from '../client.ts';
import { silencingMembers } from '../config/group-members.ts';

type Fragment = ReturnType<Tx>;

/** Whose tickets suppress messages to a customer, besides their own. */
export interface SuppressionReach {
  /** Those of the other members of the account. */
  account: boolean;
  /** Those of the same person at the other brands of a group. */
  group: boolean;
  /** When a cool-down has ended: milliseconds since 1970. */
  now: number;
}

/** Whether the ticket `k` is open or cooling down (`isInForce`). A cool-down that no decision has begun yet counts. */
const isInForce = (tx: Tx, { now }: SuppressionReach) =>
  tx`(k.status = 'open' or (k.status = 'closed' and (k.quiet_until is null or k.quiet_until > ${now})))`;

/** Ids of the customers of a workspace to whom tickets suppress messages, in SQL. */
export function selectSuppressed(tx: Tx, workspace: string, reach: SuppressionReach): Fragment {
  const inForce = isInForce(tx, reach);
  return tx`
    select k.customer_id from tickets k where k.workspace = ${workspace} and ${inForce}
    ${
      reach.account
        ? tx`union all select m.id from tickets k join customers m on m.workspace = k.workspace
            and m.account_id = k.account_id where k.workspace = ${workspace} and ${inForce}`
        : tx``
    }
    ${
      reach.group
        ? tx`union all select m.id from workspaces w cross join tickets k join customers m
            on m.person_key = k.person_key and m.workspace = w.id
            where w.id = ${workspace} and k.workspace in (${silencingMembers(tx)}) and ${inForce}`
        : tx``
    }`;
}

/** Whether tickets suppress messages to the customer `c`, in SQL. */
export function isSuppressed(tx: Tx, reach: SuppressionReach): Fragment {
  const inForce = isInForce(tx, reach);
  const theirs = (by: Fragment) => tx`or exists (select from tickets k where ${by} and ${inForce})`;
  return tx`(exists (select from tickets k where k.customer_id = c.id and ${inForce})
    ${reach.account ? theirs(tx`k.workspace = c.workspace and k.account_id = c.account_id`) : tx``}
    ${
      reach.group
        ? theirs(tx`k.person_key = c.person_key and k.workspace in (
            select s.id from workspaces w cross join lateral (${silencingMembers(tx)}) s where w.id = c.workspace)`)
        : tx``
    })`;
}
