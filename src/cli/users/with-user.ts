import { findUser, type UserWithPassword } from '../../../db/access/users.ts';
import type { Database } from '../../../db/client.ts';
import { UseCaseError } from '../../app/use-case-error.ts';
import { normaliseLogin } from '../../app/users/login-name.ts';
import { UserError } from '../../user-error.ts';
import { withDatabase } from '../database.ts';

/** Works on the user with this login. @throws UserError if there is none, and for what the use case refuses */
export function withUser<T>(
  login: string,
  work: (db: Database, user: UserWithPassword) => Promise<T>,
): Promise<T> {
  return withUsers(async (db) => {
    const user = await findUser(db.sql, normaliseLogin(login));
    if (user) return await work(db, user);
    throw new UserError(`there is no user ${login}: see throughline users list`);
  });
}

/** Works on users. A refusal of a use case is an error of the user. */
export async function withUsers<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await withDatabase('users', work);
  } catch (error) {
    throw error instanceof UseCaseError ? new UserError(error.message) : error;
  }
}
