import { findUser, readWorkspacesOf, type UserWithPassword } from '../../../db/access/users.ts';
import type { Database } from '../../../db/client.ts';
import { isPassword } from './hash-password.ts';
import { normaliseLogin } from './login-name.ts';
import { type Attempt, forgiveLogin, throttleLogin } from './login-throttle.ts';
import { createRunFew } from './run-few.ts';
import { beginSession } from './sessions.ts';

/** What became of an attempt. */
export type LoginResult =
  | { kind: 'ok'; token: string }
  /** There is no such user, or the password is wrong: nobody learns which. */
  | { kind: 'refused' }
  /** The password was right. */
  | { kind: 'disabled' }
  | { kind: 'no_role' }
  | { kind: 'throttled'; seconds: number };

/** What is recorded of every attempt. The login is not: it may be a password that was typed into the wrong field. */
export interface LoginRecord {
  /** Null: there is no such user, or the attempt was throttled. */
  userId: string | null;
  address: string;
  outcome: LoginResult['kind'];
}

export type LogIn = (attempt: Attempt & { password: string }) => Promise<LoginResult>;

/** Hashes that one process computes at once, each with a core and 32 MB, and those that wait. */
export const HASHES_AT_ONCE = 2;
export const MOST_WAITING = 50;

/** Creates the log-in with a password. @param record is called for every attempt */
export function createLogIn({ sql }: Pick<Database, 'sql'>, record: (attempt: LoginRecord) => void): LogIn {
  const runFew = createRunFew(HASHES_AT_ONCE, MOST_WAITING);
  const tryIt = async (attempt: Attempt, password: string): Promise<LoginResult & { userId?: string }> => {
    const seconds = await throttleLogin(sql, attempt);
    if (seconds > 0) return { kind: 'throttled', seconds };
    const user = await findUser(sql, attempt.login);
    const isRight = await runFew(() => isPassword(password, user?.passwordHash ?? null));
    if (!user || !isRight) return { kind: 'refused', ...(user ? { userId: user.id } : {}) };
    await forgiveLogin(sql, attempt);
    return { ...(await begin(user)), userId: user.id };
  };
  const begin = async (user: UserWithPassword): Promise<LoginResult> => {
    const { id: userId, passwordHash, disabledAt } = user;
    if (disabledAt !== null) return { kind: 'disabled' };
    const [workspace] = await readWorkspacesOf(sql, userId);
    if (workspace === undefined) return { kind: 'no_role' };
    const token = await beginSession(sql, { userId, workspace, passwordHash });
    return token === null ? { kind: 'refused' } : { kind: 'ok', token };
  };
  return async ({ login, address, password }) => {
    const { userId, ...result } = await tryIt({ login: normaliseLogin(login), address }, password);
    record({ userId: userId ?? null, address, outcome: result.kind });
    return result;
  };
}
