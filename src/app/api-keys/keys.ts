import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { uuidv7 } from 'uuidv7';
import { findKey, insertKey, type KeyKind, type KeyRow, type Scope } from '../../../db/access/keys.ts';
import type { Database } from '../../../db/client.ts';

const PREFIX: Record<KeyKind, string> = { write: 'wk_', browser: 'bk_', api: 'ak_' };

/** What to make a key of. */
export interface NewKey {
  workspace: string;
  kind: KeyKind;
  /** Of an API key; the others have none. */
  scopes: Scope[];
  label: string;
}

/** Creates a key and returns its text. Only the hash is stored, so the text cannot be shown again. */
export async function createKey(db: Database, key: NewKey): Promise<string> {
  const text = PREFIX[key.kind] + randomBytes(32).toString('base64url');
  const scopes = key.kind === 'api' ? key.scopes : [];
  await insertKey(db.sql, { ...key, scopes, id: `key_${uuidv7().replaceAll('-', '')}`, hash: hashKey(text) });
  return text;
}

/** A plain hash is enough: keys are 256 random bits. A look-up by hash takes no time that depends on the key. */
export function hashKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Looks keys up. What it found, or didn't, it believes for a few seconds: as long as a revoked key may still work. */
export type KeyLookup = (text: string) => Promise<KeyRow | null>;

const KEPT = 5_000;

export function createKeyLookup(db: Database, cacheMs: number = 3_000): KeyLookup {
  // Bounded: requests with random keys can't fill the memory.
  const lookups = new LRUCache<string, { key: KeyRow | null; until: number }>({ max: KEPT });
  return async (text) => {
    if (!/^[wba]k_[\w-]{20,100}$/.test(text)) return null;
    const hash = hashKey(text);
    const hit = lookups.get(hash);
    if (hit && hit.until > Date.now()) return hit.key;
    const key = await findKey(db.sql, hash);
    lookups.set(hash, { key, until: Date.now() + cacheMs });
    return key;
  };
}
