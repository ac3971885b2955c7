import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { uuidv7 } from 'uuidv7';
import {
  findKey,
  insertKey,
  type KeyKind,
  type KeyRow,
  type Scope,
  saveKeyUse,
} from '../../../db/access/keys.ts';
import type { Database } from '../../../db/client.ts';

const KIND_PREFIX: Record<KeyKind, string> = { write: 'wk_', browser: 'bk_', api: 'ak_' };
/** How much of a key is stored, for people to recognise it: its kind, and 48 of its 256 random bits. */
const PREFIX_LENGTH = 11;

/** How long a process believes what it has read of a key: as long as a revoked key may still work. */
export const KEY_CACHE_MS = 3_000;

/** What to make a key of. */
export interface NewKey {
  workspace: string;
  kind: KeyKind;
  /** Of an API key; the others have none. */
  scopes: Scope[];
  label: string;
}

/** Creates a key and returns its text. Only the hash and the first characters are stored. */
export async function createKey(db: Pick<Database, 'sql'>, key: NewKey): Promise<string> {
  const text = KIND_PREFIX[key.kind] + randomBytes(32).toString('base64url');
  await insertKey(db.sql, {
    ...key,
    scopes: key.kind === 'api' ? key.scopes : [],
    id: `key_${uuidv7().replaceAll('-', '')}`,
    hash: hashKey(text),
    prefix: text.slice(0, PREFIX_LENGTH),
  });
  return text;
}

/** A plain hash is enough: keys are 256 random bits. A look-up by hash takes no time that depends on the key. */
export function hashKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether the text has the form of a whole key. */
export function isWholeKey(text: string): boolean {
  return /^[wba]k_[\w-]{20,100}$/.test(text);
}

/** What a key may do; `revoked` for a key that was revoked, null for a text that is no key. */
type FoundKey = KeyRow | 'revoked' | null;

/** Looks keys up. What it found, or didn't, it believes for {@link KEY_CACHE_MS}. */
export type KeyLookup = (text: string) => Promise<FoundKey>;

const KEPT = 5_000;
/** Postgres records a use at most once a minute, too. */
const NOTE_USE_EVERY_MS = 60_000;

/** Creates a look-up of keys, which also records that a key is used. */
export function createKeyLookup(db: Pick<Database, 'sql'>, cacheMs: number = KEY_CACHE_MS): KeyLookup {
  // Bounded: requests with random keys can't fill the memory.
  const lookups = new LRUCache<string, { key: FoundKey; until: number }>({ max: KEPT });
  const noted = new LRUCache<string, true>({ max: KEPT, ttl: NOTE_USE_EVERY_MS });
  const noteUse = (id: string) => {
    if (noted.has(id)) return;
    noted.set(id, true);
    // Nobody waits for it, and a request is not refused because of it.
    saveKeyUse(db.sql, id).catch(() => noted.delete(id));
  };
  return async (text) => {
    if (!isWholeKey(text)) return null;
    const hash = hashKey(text);
    const hit = lookups.get(hash);
    if (hit && hit.until > Date.now()) return hit.key;
    const row = await findKey(db.sql, hash);
    const key = row === null ? null : row.revokedAt === null ? row : 'revoked';
    lookups.set(hash, { key, until: Date.now() + cacheMs });
    if (row?.revokedAt === null) noteUse(row.id);
    return key;
  };
}
