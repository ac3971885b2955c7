import { disableUser } from '../../app/users/manage-users.ts';
import { withUser } from './with-user.ts';

/** Disables a user and ends all their sessions, or enables them again. */
export async function disableUserCommand(login: string, options: { enable?: boolean } = {}): Promise<void> {
  await withUser(login, async (db, user) => {
    await disableUser(db, user.id, !options.enable);
    console.log(
      options.enable
        ? `${user.login} may log in again`
        : `${user.login} is disabled, and logged out everywhere`,
    );
  });
}
