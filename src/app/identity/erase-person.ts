import { deleteResponsesAbout } from '../../../db/access/idempotency.ts';
import type { Intake } from '../intake/commit.ts';
import { type EraseResult, eraseCustomer } from './erase-customer.ts';

/** Erases a person from the customer records, and from the responses stored for repeated requests. */
export async function erasePerson(
  intake: Intake,
  person: { workspace: string; customerId: string; actor: string },
): Promise<EraseResult> {
  const result = await eraseCustomer(intake, person);
  if (result.ok) await deleteResponsesAbout(intake.db.sql, person.workspace, result.ids);
  return result;
}
