import type { Tx } from '../../../db/client.ts';
import { unsuppressAddresses } from '../../../db/deliveries/suppressed-addresses.ts';
import { isOwnStatement, readStatedConsent } from '../../domain/customer/consent.ts';
import { UNSUBSCRIBED_REASON } from '../../domain/suppression.ts';
import { listAddressKeys } from '../identity/address-key.ts';
import type { BatchEntry } from './batch-entry.ts';

/**
 * Takes addresses off the suppression list whose owners write that they want messages again: a provider had refused to
 * send to them since their "no", and sends since their "yes". Other reasons stay.
 */
export async function liftUnsubscribes(
  tx: Tx,
  { secret }: { secret?: string },
  accepted: readonly BatchEntry[],
): Promise<void> {
  for (const { event } of accepted) {
    const consent = readStatedConsent({ ...event, seq: 0 });
    if (consent?.status !== 'granted' || event.fromBrowser || !isOwnStatement(event)) continue;
    const { workspace, phone, email } = event;
    const addresses = [phone, email].filter((address) => address !== undefined);
    const keys = addresses.flatMap((address) =>
      listAddressKeys({ secret }, { workspace, channel: consent.channel, address }),
    );
    await unsuppressAddresses(tx, workspace, keys, UNSUBSCRIBED_REASON);
  }
}
