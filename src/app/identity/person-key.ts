import { createHmac } from 'node:crypto';

/**
 * Computes the key by which a group of workspaces recognises a person: an HMAC-SHA-256 of the address, the same in all
 * of them. Without the secret it can't be turned back into an address. Null without an address, a group or a secret.
 */
export function computePersonKey(
  secret: string | undefined,
  groupId: string | null,
  email: string | null,
): string | null {
  if (secret === undefined || groupId === null || email === null) return null;
  return createHmac('sha256', secret).update(`contact:${groupId}:${email}`).digest('hex');
}
