import { dropAnswersAbout } from '../../db/queries/idempotency.ts';
import { type Erased, eraseCustomer } from '../intake/erase.ts';
import type { Api } from './operation.ts';

/** Erases a person, also from the answers that are kept for repeated requests. */
export async function erase(
  { decide, deps, notify }: Api,
  who: { workspace: string; customerId: string; actor: string },
): Promise<Erased> {
  const erased = await eraseCustomer(decide, who);
  if (erased.ok) await dropAnswersAbout(deps.db.sql, who.workspace, erased.ids);
  notify();
  return erased;
}
