import { readStoredDecision } from '../../db/decisions/stored-decision.ts';
import { UserError } from '../user-error.ts';
import { withDatabase } from './database.ts';

/** Prints a decision as JSON, with the inputs that it rested on, which no answer of the API has. */
export async function decisionCommand(id: string): Promise<void> {
  const stored = await withDatabase('decision', (db) => readStoredDecision(db.sql, id));
  if (!stored)
    throw new UserError(`there is no decision ${id}: ids begin with dec_, and go with their customer`);
  console.log(JSON.stringify(stored, undefined, 2));
}
