import { deleteResponsesAbout } from '../../../db/access/idempotency.ts';
import type { Api } from '../../api/frame/operation.ts';
import { type EraseResult, eraseCustomer } from './erase-customer.ts';

/** Erases a person, also from the answers that are kept for repeated requests. */
export async function erasePerson(
  { decideDeps: decide, deps, notifyRelays: notify }: Api,
  who: { workspace: string; customerId: string; actor: string },
): Promise<EraseResult> {
  const erased = await eraseCustomer(decide, who);
  if (erased.ok) await deleteResponsesAbout(deps.db.sql, who.workspace, erased.ids);
  notify();
  return erased;
}
