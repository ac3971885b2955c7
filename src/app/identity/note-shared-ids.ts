import type { Tx } from '../../../db/client.ts';
import {
  countOtherIds,
  countShares,
  type DeviceShare,
  recordShares,
} from '../../../db/identity/shared-ids.ts';
import { type Note, writeNote } from '../../domain/note.ts';
import { hash32 } from '../../domain/values/hash.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';
import type { IdentityResolution } from './resolve-identities.ts';
import type { Claim } from './unproven-identities.ts';

/** A person has fewer devices, addresses and ids in other systems, even where a browser forgets its id each week. */
export const PLAUSIBLE_IDS = 100;
/** Fewer people share a device, and fewer browsers an address that no server has stated. */
export const PLAUSIBLE_USERS = 20;

/**
 * Notes events by which an id gathers more others than one person has: it may be a placeholder that no list knows.
 * The customers stay as they are.
 *
 * @returns the notes by position in the batch
 */
export async function noteSharedIds(
  tx: Tx,
  events: IncomingEvent[],
  { extended, shares }: Pick<IdentityResolution, 'extended' | 'shares'>,
): Promise<Map<number, Note>> {
  const notes = new Map<number, Note>();
  if (extended.length > 0) {
    const ids = extended.map(({ customerId }) => customerId);
    const counts = await countOtherIds(tx, ids, PLAUSIBLE_IDS + 1);
    for (const { customerId, position } of extended)
      if ((counts.get(customerId) ?? 0) > PLAUSIBLE_IDS)
        notes.set(position, describe(events[position] as IncomingEvent));
  }
  if (shares.length > 0) {
    const rows = shares.map((position) => hashShare(events[position] as IncomingEvent));
    const counts = await recordShares(tx, rows);
    for (const [n, position] of shares.entries()) {
      const { workspace, device } = rows[n] as DeviceShare;
      if ((counts.get(`${workspace} ${device}`) ?? 0) <= PLAUSIBLE_USERS) continue;
      const { anonymousId } = events[position] as IncomingEvent;
      notes.set(position, writeNote('shared_id', 'anonymousId', anonymousId));
    }
  }
  return notes;
}

/**
 * Finds addresses that more visitors have stated than one person has browsers. Anybody may state an address with a
 * browser key, so otherwise a mailbox could be filled by visitors who are made up.
 *
 * @returns the traits by position in the batch
 */
export async function findCrowdedAddresses(
  tx: Tx,
  claims: IdentityResolution['claims'],
): Promise<Map<number, Claim['type'][]>> {
  const crowded = new Map<number, Claim['type'][]>();
  if (claims.length === 0) return crowded;
  const rows = claims.map(hashClaim);
  await recordShares(tx, rows);
  // A visitor who is one too many stays that, however often they state it.
  const counts = await countShares(tx, rows);
  for (const [n, { position, type }] of claims.entries()) {
    const { workspace, device } = rows[n] as DeviceShare;
    if ((counts.get(`${workspace} ${device}`) ?? 0) <= PLAUSIBLE_USERS) continue;
    crowded.set(position, [...(crowded.get(position) ?? []), type]);
  }
  return crowded;
}

function hashClaim({ workspace, customerId, type, value }: Claim): DeviceShare {
  return { workspace, device: hash32(`${type}:${value}`), userId: hash32(customerId) };
}

function describe({ userId, anonymousId }: IncomingEvent): Note {
  if (userId === undefined) return writeNote('shared_id', 'anonymousId', anonymousId);
  // Some senders use addresses as ids.
  return writeNote('shared_id', 'userId', userId.includes('@') ? null : userId);
}

function hashShare({ workspace, userId, anonymousId }: IncomingEvent): DeviceShare {
  return { workspace, device: hash32(anonymousId ?? ''), userId: hash32(userId ?? '') };
}
