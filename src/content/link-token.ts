import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../domain/time/time.ts';

/** What the holder of a link may do, and nothing else. */
export type LinkPurpose = 'erase';

/**
 * Creates the token of a link: whom it is about, until when it is valid, and a signature of these and of its purpose. It
 * contains no personal data and can't be made without the secret.
 */
export function createLinkToken(
  purpose: LinkPurpose,
  { id, expiresAt }: { id: string; expiresAt: Instant },
  secret: string,
): string {
  const claims = `${Buffer.from(id).toString('base64url')}.${expiresAt.toString(36)}`;
  return `${claims}.${sign(purpose, claims, secret)}`;
}

/** Whom the token is about. Null if it has expired, is of another purpose, or wasn't made with this secret. */
export function readLinkToken(
  purpose: LinkPurpose,
  token: string,
  { secret, now }: { secret: string; now: Instant },
): string | null {
  const parts = token.split('.');
  const [id, expires, signature] = parts;
  if (parts.length !== 3 || !id || !expires || !signature) return null;
  const expected = Buffer.from(sign(purpose, `${id}.${expires}`, secret));
  const actual = Buffer.from(signature);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return null;
  return Number.parseInt(expires, 36) > now ? Buffer.from(id, 'base64url').toString() : null;
}

function sign(purpose: LinkPurpose, claims: string, secret: string): string {
  return createHmac('sha256', secret).update(`${purpose}:${claims}`).digest('base64url').slice(0, 32);
}
