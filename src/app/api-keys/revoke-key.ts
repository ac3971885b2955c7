import { findKey, type ListedKey, listKeys, revokeKey } from '../../../db/access/keys.ts';
import type { Database } from '../../../db/client.ts';
import { hashKey, isWholeKey } from './keys.ts';

/** Shorter beginnings would mean keys that nobody thought of. */
const SHORTEST_BEGINNING = 5;

/**
 * The keys that a text may mean: by their id, the whole key, its beginning, or their label. An earlier meaning excludes
 * the later ones. Keys that were revoked count only where no other matches.
 */
export async function findKeysByReference(
  { sql }: Pick<Database, 'sql'>,
  reference: string,
  workspace: string | null,
): Promise<ListedKey[]> {
  const keys = await listKeys(sql, workspace);
  if (isWholeKey(reference)) {
    const found = await findKey(sql, hashKey(reference));
    return keys.filter(({ id }) => id === found?.id);
  }
  return selectKeys(keys, reference);
}

/** The keys in a list that a text means. */
export function selectKeys(keys: readonly ListedKey[], reference: string): ListedKey[] {
  const meanings: ((key: ListedKey) => boolean)[] = [
    ({ id }) => id === reference,
    ({ prefix }) => reference.length >= SHORTEST_BEGINNING && prefix.startsWith(reference),
    ({ label }) => label === reference,
  ];
  for (const means of meanings) {
    const matching = keys.filter(means);
    const valid = matching.filter(({ revokedAt }) => revokedAt === null);
    if (matching.length > 0) return valid.length > 0 ? valid : matching;
  }
  return [];
}

/** Revokes a key. Returns false if it was revoked before. */
export function revokeKeyById({ sql }: Pick<Database, 'sql'>, id: string): Promise<boolean> {
  return revokeKey(sql, id);
}
