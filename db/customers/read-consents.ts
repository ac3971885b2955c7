import type { Consent } from '../../src/domain/customer/consent.ts';
import { groupBy } from '../../src/domain/values/group-by.ts';
import type { Tx } from '../client.ts';
import { limitConsents } from './customer-json.ts';

/** The consents of these customers, by customer: as many as can be read. */
export async function readConsentsOf(tx: Tx, ids: string[]): Promise<Map<string, Consent[]>> {
  const rows = await tx<(Consent & { customerId: string })[]>`
    select customer_id as "customerId", purpose, channel, topic, status, source, at, seq, speaker
    from unnest(${ids}::text[]) as o(id)
    cross join lateral ${limitConsents(tx, tx`select * from consents where customer_id = o.id`, null)} k
    order by customer_id, at, seq, purpose, channel, topic`;
  return groupBy(rows, ({ customerId }) => customerId);
}
