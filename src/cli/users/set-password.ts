import { changePassword } from '../../app/users/manage-users.ts';
import { readNewPassword } from './read-password.ts';
import { withUser } from './with-user.ts';

/** Sets a new password, and ends all sessions of the user. */
export async function setPasswordCommand(
  login: string,
  readPassword: () => Promise<string> = readNewPassword,
): Promise<void> {
  await withUser(login, async (db, user) => {
    await changePassword(db, user.id, await readPassword());
    console.log(`${user.login} has a new password, and is logged out everywhere`);
  });
}
