import { changeRole } from '../../app/users/manage-users.ts';
import { UserError } from '../../user-error.ts';
import { selectWorkspace } from '../workspaces/select-workspace.ts';
import { readRole } from './read-role.ts';
import { withUser } from './with-user.ts';

/** Gives a user a role in a workspace, or takes it away. */
export async function changeRoleCommand(
  login: string,
  options: { role?: string; remove?: boolean; workspace?: string },
): Promise<void> {
  if ((options.role === undefined) === !options.remove)
    throw new UserError('say either --role with a role, or --remove');
  const role = options.role === undefined ? null : readRole(options.role);
  await withUser(login, async (db, user) => {
    const workspace = await selectWorkspace(db, options.workspace);
    await changeRole(db, { userId: user.id, workspace, role });
    const what = role === null ? `has no role in ${workspace} any more` : `is ${role} of ${workspace}`;
    console.log(`${user.login} ${what}, from the next request on`);
  });
}
