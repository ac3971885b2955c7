import type { Tx } from '../../../db/client.ts';
import { type Identity, readIdentitiesOf } from '../../../db/identity/identities.ts';
import { readPhoneKey } from '../../domain/customer/phone-number.ts';
import { type Profile, readEmail, readTrait } from '../../domain/customer/profile.ts';
import { hashIdentity } from './resolve-identities.ts';

/**
 * Hashes of everything that names a person: the ids of the customer, the identities bound to them, and the addresses
 * among their traits, which may be bound to somebody else. Rejected events are found by them.
 */
export async function hashIdentitiesOf(
  tx: Tx,
  workspace: string,
  customers: { id: string; profile: Profile }[],
): Promise<string[]> {
  const bound = await readIdentitiesOf(
    tx,
    customers.map(({ id }) => id),
  );
  const traits = customers.flatMap(({ profile }): Omit<Identity, 'workspace'>[] => {
    const [email, phone] = [readEmail(profile), readPhoneKey(readTrait(profile, 'phone'))];
    return [
      ...(email === undefined ? [] : [{ type: 'email' as const, value: email }]),
      ...(phone === undefined ? [] : [{ type: 'phone' as const, value: phone }]),
    ];
  });
  const ids = customers.map(({ id }) => ({ type: 'customer' as const, value: id }));
  return [...new Set([...bound, ...traits, ...ids].map((named) => hashIdentity({ ...named, workspace })))];
}
