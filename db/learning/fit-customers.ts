import { emptyProfile, type Profile } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';

/** A customer, as far as the nightly fit needs it; `profile` is null without orders. */
export interface FitCustomer {
  id: string;
  profile: Profile | null;
}

/** The next customers of a workspace by id, without merged and erased ones. */
export async function readFitPage(
  tx: Tx,
  { workspace, cursor, limit }: { workspace: string; cursor: string; limit: number },
): Promise<FitCustomer[]> {
  const rows = await tx<FitCustomer[]>`
    select id, case when (profile ->> 'orderCount')::int > 0
        then profile - 'cart' - 'payments' - 'statements' - 'snoozed' end as profile
    from customers
    where workspace = ${workspace} and id > ${cursor} and merged_into is null and erased_at is null
    order by id limit ${limit}`;
  return rows.map(({ id, profile }) => ({ id, profile: profile && { ...emptyProfile(), ...profile } }));
}
