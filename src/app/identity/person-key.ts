import { createHmac } from 'node:crypto';

/**
 * Who somebody is to a group of workspaces: a keyed hash of the address, the same in all of them, and nothing that
 * could be turned back into one without the key. Null without an address, a group or a key.
 */
export function computePersonKey(
  secret: string | undefined,
  groupId: string | null,
  email: string | null,
): string | null {
  if (secret === undefined || groupId === null || email === null) return null;
  return createHmac('sha256', secret).update(`contact:${groupId}:${email}`).digest('hex');
}
