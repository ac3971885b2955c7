import type { Tx } from '../../../../db/client.ts';
import { type FactsQuery, type FactsRow, readFacts } from '../../../../db/decisions/read-facts.ts';
import { findSuppressedAddresses } from '../../../../db/deliveries/suppressed-addresses.ts';
import { listAddresses } from '../../../domain/customer/address.ts';
import type { Profile } from '../../../domain/customer/profile.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { Facts } from '../../../domain/facts.ts';
import { type AddressSecrets, listAddressKeys } from '../../identity/address-key.ts';

export type LoadedFacts = FactsRow & Pick<Facts, 'suppressedAddresses'>;

/**
 * Loads everything that a decision uses. Which of the customer's addresses are suppressed takes a second statement, since
 * the list holds keyed hashes: only where the workspace has suppressed any.
 *
 * @param bundle the definitions of the channels; null before the first
 */
export async function loadFacts(
  tx: Tx,
  secrets: AddressSecrets,
  query: FactsQuery,
  bundle: Bundle | null,
): Promise<LoadedFacts | null> {
  const row = await readFacts(tx, query);
  if (!row) return null;
  const suppressedAddresses =
    row.hasSuppressions && bundle ? await readSuppressed(tx, secrets, row.profile, bundle) : [];
  return { ...row, suppressedAddresses };
}

async function readSuppressed(
  tx: Tx,
  secrets: AddressSecrets,
  profile: Profile,
  { workspace }: Bundle,
): Promise<Facts['suppressedAddresses']> {
  const addresses = listAddresses(profile, workspace).map((address) => ({
    ...address,
    keys: listAddressKeys(secrets, { workspace: workspace.id, ...address }),
  }));
  if (addresses.length === 0) return [];
  const suppressed = await findSuppressedAddresses(
    tx,
    workspace.id,
    addresses.flatMap(({ keys }) => keys),
  );
  return addresses
    .filter(({ keys }) => keys.some((key) => suppressed.has(key)))
    .map(({ channel, address }) => ({ channel, address }));
}
