import { DAY, HOUR, type Instant, type Millis } from '../domain/time/time.ts';
import { computeHash, isEqual, type LinkSecrets, readToken, writeToken } from './token-signature.ts';

/** What the bearer of a link may do, and nothing else. It is part of the signature. */
export type LinkPurpose =
  /** Withdraw the consent that a message was sent under, or all marketing. */
  | 'unsubscribe'
  /** See and change the customer's choices. */
  | 'preferences'
  /** Erase the customer. */
  | 'erase'
  /** Read and mark the items of the customer's inbox. */
  | 'inbox'
  /** Read the customer on the page inside of a support tool. */
  | 'embed'
  /** See the catalogue, as personal as the customer allows, with the coupon of the message. */
  | 'catalogue';

/**
 * How long the links of each purpose are valid. An expired one still withdraws consents: that needs no proof. For an
 * inbox and an embedded page, the request for the token may choose another time.
 */
export const LINK_VALIDITY: Readonly<Record<LinkPurpose, Millis>> = {
  unsubscribe: 400 * DAY,
  preferences: 90 * DAY,
  erase: 24 * HOUR,
  inbox: HOUR,
  embed: HOUR,
  catalogue: 90 * DAY,
};

/** What a link is about. */
export interface LinkClaims {
  /** The delivery that it was sent with, or the customer. */
  id: string;
  expiresAt: Instant;
  /** The address that it is sent to, if it must stop working once that is no address of the customer any more. */
  address?: string | null;
}

/** A link whose signature is genuine. */
export interface Link {
  id: string;
  expiresAt: Instant;
  isExpired: boolean;
  /** Whether it was sent to one of these addresses, or is bound to none. */
  wasSentTo(addresses: readonly string[]): boolean;
}

const ADDRESS_LENGTH = 12;

/**
 * Creates the token of a link: whom it is about, until when it is valid, a keyed hash of the address that it is sent
 * to, and a signature of these and of its purpose. It contains no personal data and can't be made without the secret.
 */
export function createLinkToken(
  purpose: LinkPurpose,
  { id, expiresAt, address = null }: LinkClaims,
  secret: string,
): string {
  const sentTo = address === null ? [] : [hashAddress(address, secret)];
  const claims = [Buffer.from(id).toString('base64url'), expiresAt.toString(36), ...sentTo];
  return writeToken(purpose, claims, secret);
}

/** Reads the token of a link. Null if it is of another purpose, or wasn't made with one of these secrets. */
export function readLinkToken(
  purpose: LinkPurpose,
  token: string,
  { now, ...secrets }: LinkSecrets & { now: Instant },
): Link | null {
  const signed = readToken(purpose, token, secrets);
  if (signed === null) return null;
  const { claims, signedWith } = signed;
  const [id, expires, sentTo] = claims;
  if (!id || !expires || claims.length > 3) return null;
  const expiresAt = Number.parseInt(expires, 36);
  return {
    id: Buffer.from(id, 'base64url').toString(),
    expiresAt,
    isExpired: expiresAt <= now,
    wasSentTo: (addresses) =>
      sentTo === undefined || addresses.some((address) => isEqual(sentTo, hashAddress(address, signedWith))),
  };
}

/** Addresses of all channels are hashed alike: no two channels have the same one for two people. */
function hashAddress(address: string, secret: string): string {
  return computeHash(`address:${address}`, secret).slice(0, ADDRESS_LENGTH);
}
