import type { Consent } from '../../src/domain/consent.ts';
import type { Tx } from '../client.ts';

/** All of a customer's statements of consent. */
export async function viewConsents(tx: Tx, customerId: string): Promise<Consent[]> {
  return tx<Consent[]>`
    select purpose, channel, topic, status, source, at, seq from consents
    where customer_id = ${customerId} order by at, seq, purpose`;
}
