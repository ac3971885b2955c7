import { DAY, type Instant, type Millis } from '../domain/time/time.ts';
import { type LinkSecrets, readToken, writeToken } from './token-signature.ts';

/** How long opens and clicks of a message are counted. An old link still leads where it led. */
export const TRACKING_VALIDITY: Millis = 90 * DAY;

/** The message that a tracked link or image belongs to. */
export interface TrackedMessage {
  workspace: string;
  deliveryId: string;
  expiresAt: Instant;
}

/** A link of a message. */
export interface TrackedLink {
  /** Where it leads: `http` or `https`. */
  url: string;
  /** Its place among the links of the message, from 0. */
  position: number;
}

/** The message of a genuine token. */
export interface TrackedHit {
  workspace: string;
  deliveryId: string;
  isExpired: boolean;
}

/**
 * Creates the token of a tracked link. It contains the address to which it leads, so that a click needs no database, and
 * a signature: nobody can make a link that leads anywhere else.
 */
export function createClickToken(
  message: TrackedMessage,
  { url, position }: TrackedLink,
  secret: string,
): string {
  return writeToken('click', [...describe(message), position.toString(36), encode(url)], secret);
}

/** Creates the token of the image that reports an open. */
export function createOpenToken(message: TrackedMessage, secret: string): string {
  return writeToken('open', describe(message), secret);
}

/** Reads the token of a tracked link; null if it is none of ours, or leads to what is no page of the web. */
export function readClickToken(
  token: string,
  options: LinkSecrets & { now: Instant },
): (TrackedHit & TrackedLink) | null {
  const parts = readClaims('click', token, options, 4);
  const hit = parts && readMessage(parts, options.now);
  const position = Number.parseInt(parts?.[2] ?? '', 36);
  const url = decode(parts?.[3] ?? '');
  return hit && Number.isSafeInteger(position) && isWebAddress(url) ? { ...hit, position, url } : null;
}

/** Reads the token of the image; null if it is none of ours. */
export function readOpenToken(token: string, options: LinkSecrets & { now: Instant }): TrackedHit | null {
  const parts = readClaims('open', token, options, 2);
  return parts && readMessage(parts, options.now);
}

/** Whether an address is one that a link may be tracked to. */
export function isWebAddress(address: string): boolean {
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(address)) return false;
  try {
    const { protocol, username, password } = new URL(address);
    return /^https?:$/.test(protocol) && username === '' && password === '';
  } catch {
    return false;
  }
}

function describe({ workspace, deliveryId, expiresAt }: TrackedMessage): string[] {
  return [encode(`${workspace}/${deliveryId}`), expiresAt.toString(36)];
}

function readMessage([named = '', expires = '']: readonly string[], now: Instant): TrackedHit | null {
  const [, workspace, deliveryId] = /^([^/]+)\/([^/]+)$/.exec(decode(named)) ?? [];
  if (workspace === undefined || deliveryId === undefined) return null;
  return { workspace, deliveryId, isExpired: Number.parseInt(expires, 36) <= now };
}

function readClaims(
  purpose: 'click' | 'open',
  token: string,
  secrets: LinkSecrets,
  count: number,
): string[] | null {
  const claims = readToken(purpose, token, secrets)?.claims;
  return claims?.length === count ? claims : null;
}

const encode = (text: string) => Buffer.from(text).toString('base64url');
const decode = (text: string) => Buffer.from(text, 'base64url').toString();
