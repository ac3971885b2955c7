import type { Tx } from '../../../db/client.ts';
import { readOriginalEvents } from '../../../db/identity/unmerge-customers.ts';
import { emptyProfile, foldProfile, type Profile, readAccountId } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';

export interface RefoldedProfile {
  profile: Profile;
  accountId: string | null;
}

/**
 * Folds a profile again from the events that came for these customers. All of them get sequence number 0, because their
 * own numbers belong to other logs; so every later event counts as newer.
 */
export async function refoldProfile(tx: Tx, ids: string[], bundle: Bundle | null): Promise<RefoldedProfile> {
  const profile = emptyProfile();
  let accountId: string | null = null;
  for await (const page of readOriginalEvents(tx, ids))
    for (const event of page) {
      const folded = { ...event, seq: 0 };
      foldProfile(profile, folded, bundle?.workspace.currency ?? 'EUR', bundle?.attributes, bundle?.room);
      accountId = readAccountId(folded) ?? accountId;
    }
  return { profile, accountId };
}
