import type { Tx } from '../../../db/client.ts';
import { type NewFact, unmarkRepeats } from '../../../db/events/known-facts.ts';
import { readOriginalEvents } from '../../../db/identity/unmerge-customers.ts';
import { emptyProfile, foldProfile, type Profile, readAccountId } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';

export interface RefoldedProfile {
  profile: Profile;
  accountId: string | null;
  /** Events that repeated one of another customer and state a new fact now, each with the id of that event. */
  newFacts: NewFact[];
}

/**
 * Folds a profile again from the events that came for these customers. All of them get sequence number 0, because their
 * own numbers belong to other logs; so every later event counts as newer. An event that repeats one of another customer
 * states a new fact here, and is no longer marked.
 */
export async function refoldProfile(tx: Tx, ids: string[], bundle: Bundle | null): Promise<RefoldedProfile> {
  const profile = emptyProfile();
  let accountId: string | null = null;
  // Events of another customer whose fact one of these repeats.
  const repeated = new Set<string>();
  const newFacts: NewFact[] = [];
  for await (const page of readOriginalEvents(tx, ids))
    for (const event of page) {
      const isNew = event.repeatsOther && !repeated.has(event.repeats ?? '');
      if (isNew) newFacts.push({ id: event.id, repeated: event.repeats as string });
      if (event.repeats) repeated.add(event.repeats);
      const folded = { ...event, seq: 0, repeats: isNew ? null : event.repeats };
      foldProfile(profile, folded, bundle?.workspace.currency ?? 'EUR', bundle?.attributes, bundle?.room);
      accountId = readAccountId(folded) ?? accountId;
    }
  if (newFacts.length > 0)
    await unmarkRepeats(
      tx,
      ids,
      newFacts.map(({ id }) => id),
    );
  return { profile, accountId, newFacts };
}
