import { uuidv7 } from 'uuidv7';
import { deleteSessionsOf } from '../../../db/access/sessions.ts';
import {
  deleteRole,
  insertUser,
  type Role,
  saveDisabled,
  savePassword,
  saveRole,
} from '../../../db/access/users.ts';
import type { Database, Tx } from '../../../db/client.ts';
import { invalidField, UseCaseError } from '../use-case-error.ts';
import { hashPassword } from './hash-password.ts';
import { isLogin, normaliseLogin } from './login-name.ts';

/** NIST and OWASP: long beats complicated. */
const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 1_024;
const LONGEST_NAME = 100;

/** What to make a user of. */
export interface NewUser {
  login: string;
  name: string;
  /** Null: the user cannot log in with one yet. */
  password: string | null;
  /** By workspace. */
  roles: Record<string, Role>;
}

/** Creates a user. @throws UseCaseError for an invalid login, name or password, and if the login is taken */
export async function createUser(
  { sql }: Pick<Database, 'sql'>,
  user: NewUser,
): Promise<{ id: string; login: string }> {
  const login = normaliseLogin(user.login);
  if (!isLogin(login))
    throw invalidField('login', 'invalid_login', 'must be 1 to 100 letters, digits and . _ @ + -');
  const name = user.name.trim();
  if (name === '' || name.length > LONGEST_NAME)
    throw invalidField('name', 'invalid_name', `must have 1 to ${LONGEST_NAME} characters`);
  const passwordHash = user.password === null ? null : await hashPassword(checkPassword(user.password));
  const id = `usr_${uuidv7().replaceAll('-', '')}`;
  await sql.begin(async (tx) => {
    if (!(await insertUser(tx, { id, login, name, passwordHash })))
      throw new UseCaseError('conflict', 'login_taken', `there is a user ${login} already`);
    for (const [workspace, role] of Object.entries(user.roles))
      await saveRole(tx, { userId: id, workspace, role });
  });
  return { id, login };
}

/** Sets a new password, which ends all sessions of the user. @throws UseCaseError if it is too short */
export async function changePassword(
  { sql }: Pick<Database, 'sql'>,
  userId: string,
  password: string,
): Promise<void> {
  const hash = await hashPassword(checkPassword(password));
  await endingSessions(sql, userId, (tx) => savePassword(tx, userId, hash));
}

/** Disables a user, which ends all their sessions, or enables them again. */
export async function disableUser(
  { sql }: Pick<Database, 'sql'>,
  userId: string,
  isDisabled: boolean,
): Promise<void> {
  await endingSessions(sql, userId, (tx) => saveDisabled(tx, userId, isDisabled));
}

/** Gives, changes or (null) takes away a role. The next request of the user obeys it. */
export async function changeRole(
  { sql }: Pick<Database, 'sql'>,
  { role, ...place }: { userId: string; workspace: string; role: Role | null },
): Promise<void> {
  if (role === null) await deleteRole(sql, place);
  else await saveRole(sql, { ...place, role });
}

function checkPassword(password: string): string {
  if (password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD) return password;
  throw invalidField(
    'password',
    'invalid_password',
    `must have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`,
  );
}

/** The change comes first: a log-in that it meets either sees it, or has begun its session before and loses it. */
async function endingSessions(
  sql: Database['sql'],
  userId: string,
  change: (tx: Tx) => Promise<void>,
): Promise<void> {
  await sql.begin(async (tx) => {
    await change(tx);
    await deleteSessionsOf(tx, userId);
  });
}
