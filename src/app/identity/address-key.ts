import { createHmac } from 'node:crypto';

/** An address of one channel of a workspace, in canonical form. */
export interface ChannelAddress {
  workspace: string;
  channel: string;
  address: string;
}

export interface AddressSecrets {
  secret?: string | undefined;
  /** The secret before: addresses that were suppressed under it stay suppressed. */
  previousSecret?: string | null | undefined;
}

/**
 * Computes the key under which the suppression list knows an address: an HMAC-SHA-256. The list outlives the customer, so
 * it must not name anybody. Without the secret, a copy of the database does not show whether it has an address.
 *
 * @throws Error without a secret: a service does not start without one
 */
export function computeAddressKey(
  secret: string | null | undefined,
  { workspace, channel, address }: ChannelAddress,
): string {
  if (!secret) throw new Error('the suppression list needs THROUGHLINE_SECRET');
  const text = JSON.stringify(['suppressed', workspace, channel, address]);
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/** All keys under which an address may be on the list. */
export function listAddressKeys(
  { secret, previousSecret }: AddressSecrets,
  address: ChannelAddress,
): string[] {
  const current = computeAddressKey(secret, address);
  return previousSecret ? [current, computeAddressKey(previousSecret, address)] : [current];
}
