import type { Tx } from '../../../db/client.ts';
import { readOriginalEvents } from '../../../db/identity/unmerge-customers.ts';
import { emptyProfile, foldProfile, type Profile, readAccountId } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';

export interface RefoldedProfile {
  profile: Profile;
  accountId: string | null;
}

/**
 * Folds a profile anew from the events that came for these customers. All count as said before whatever the log says
 * from now on, since their numbers belong to other logs.
 */
export async function refoldProfile(tx: Tx, ids: string[], bundle: Bundle | null): Promise<RefoldedProfile> {
  const profile = emptyProfile();
  let accountId: string | null = null;
  for await (const page of readOriginalEvents(tx, ids))
    for (const event of page) {
      const folded = { ...event, seq: 0 };
      foldProfile(profile, folded, bundle?.workspace.currency ?? 'EUR', bundle?.attributes);
      accountId = readAccountId(folded) ?? accountId;
    }
  return { profile, accountId };
}
