import type { Tx } from '../../db/client.ts';
import { readOrigins } from '../../db/queries/unmerge-customers.ts';
import type { Bundle } from '../domain/definition.ts';
import { accountIdOf, emptyProfile, foldProfile, type Profile } from '../domain/profile.ts';

export interface Refolded {
  profile: Profile;
  accountId: string | null;
}

/**
 * Folds a profile anew from the events that came for these customers. All count as said before whatever the log says
 * from now on, since their numbers belong to other logs.
 */
export async function refold(tx: Tx, ids: string[], bundle: Bundle | null): Promise<Refolded> {
  const profile = emptyProfile();
  let accountId: string | null = null;
  for await (const page of readOrigins(tx, ids))
    for (const event of page) {
      const folded = { ...event, seq: 0 };
      foldProfile(profile, folded, bundle?.workspace.currency ?? 'EUR', bundle?.attributes);
      accountId = accountIdOf(folded) ?? accountId;
    }
  return { profile, accountId };
}
