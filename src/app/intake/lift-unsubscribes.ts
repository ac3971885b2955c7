import type { Tx } from '../../../db/client.ts';
import { unsuppressAddresses } from '../../../db/deliveries/suppressed-addresses.ts';
import { isOwnStatement, readStatedConsent } from '../../domain/customer/consent.ts';
import { UNSUBSCRIBED_REASON } from '../../domain/suppression.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { type AddressSecrets, listAddressKeys } from '../identity/address-key.ts';
import type { BatchEntry } from './batch-entry.ts';
import type { IncomingEvent } from './incoming-event.ts';

/**
 * Takes addresses off the suppression list whose owners write that they want messages again: a provider had refused to
 * send to them since their "no", and sends since their "yes". Other reasons stay.
 */
export async function liftUnsubscribes(
  tx: Tx,
  secrets: AddressSecrets,
  accepted: readonly BatchEntry[],
): Promise<void> {
  const spoken = accepted.filter(({ event }) => isOwnStatement(event) && !event.fromBrowser);
  for (const [workspace, entries] of groupBy(spoken, ({ event }) => event.workspace)) {
    const keys = entries.flatMap(({ event }) => listKeysOfGrant(event, secrets));
    await unsuppressAddresses(tx, workspace, keys, UNSUBSCRIBED_REASON);
  }
}

/** The keys of the addresses to which an event permits messages; none if it does not. */
function listKeysOfGrant(event: IncomingEvent, secrets: AddressSecrets): string[] {
  const consent = readStatedConsent({ ...event, seq: 0 });
  if (consent?.status !== 'granted') return [];
  const { workspace, phone, email } = event;
  const addresses = [phone, email].filter((address) => address !== undefined);
  return addresses.flatMap((address) =>
    listAddressKeys(secrets, { workspace, channel: consent.channel, address }),
  );
}
