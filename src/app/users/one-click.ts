import { findUser, saveRole } from '../../../db/access/users.ts';
import type { Database } from '../../../db/client.ts';
import { listWorkspaces } from '../../../db/config/workspaces.ts';
import { UseCaseError } from '../use-case-error.ts';
import { createUser } from './manage-users.ts';
import { beginSession } from './sessions.ts';

const DEVELOPER = { login: 'developer', name: 'Developer' };

/**
 * Logs the operator of a development machine in, without a password, and returns the token of the session. The user is
 * made by the first call, and is an operator of all workspaces.
 *
 * @throws UseCaseError `no_workspace`, `login_taken`
 */
export async function logInDeveloper(db: Pick<Database, 'sql'>): Promise<string> {
  const [first, ...others] = (await listWorkspaces(db.sql)).map(({ id }) => id);
  if (first === undefined) throw new UseCaseError('conflict', 'no_workspace', 'there is no workspace yet');
  const user = await findOrCreate(db);
  for (const workspace of [first, ...others])
    await saveRole(db.sql, { userId: user.id, workspace, role: 'operator' });
  const token = await beginSession(db.sql, { userId: user.id, workspace: first, passwordHash: null });
  if (token !== null) return token;
  throw new UseCaseError(
    'conflict',
    'login_taken',
    `the user ${DEVELOPER.login} has a password or is disabled: log in with another one`,
  );
}

async function findOrCreate(db: Pick<Database, 'sql'>): Promise<{ id: string }> {
  const found = await findUser(db.sql, DEVELOPER.login);
  if (found) return found;
  try {
    return await createUser(db, { ...DEVELOPER, password: null, roles: {} });
  } catch (error) {
    // A second click was faster.
    const other = error instanceof UseCaseError ? await findUser(db.sql, DEVELOPER.login) : null;
    if (other) return other;
    throw error;
  }
}
