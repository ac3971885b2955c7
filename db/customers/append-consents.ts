import type { Consent } from '../../src/domain/customer/consent.ts';
import type { Tx } from '../client.ts';

/** Appends statements of consent; what holds is computed from all of them. */
export async function appendConsents(tx: Tx, consents: (Consent & { customerId: string })[]): Promise<void> {
  await tx`
    insert into consents (customer_id, seq, purpose, channel, topic, status, source, at)
    select "customerId", seq, purpose, channel, topic, status, source, at
    from json_to_recordset(${JSON.stringify(consents)}::text::json) as t(
      "customerId" text, seq bigint, purpose text, channel text, topic text, status text, source text, at bigint)
    on conflict do nothing`;
}
