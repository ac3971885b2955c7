import { createUser } from '../../app/users/manage-users.ts';
import { selectWorkspace } from '../workspaces/select-workspace.ts';
import { readNewPassword } from './read-password.ts';
import { readRole } from './read-role.ts';
import { withUsers } from './with-user.ts';

/** Creates a user with a role in one workspace. */
export async function createUserCommand(
  login: string,
  options: { name?: string; role: string; workspace?: string },
  readPassword: () => Promise<string> = readNewPassword,
): Promise<void> {
  const role = readRole(options.role);
  await withUsers(async (db) => {
    const workspace = await selectWorkspace(db, options.workspace);
    const password = await readPassword();
    const user = { login, name: options.name ?? login, password, roles: { [workspace]: role } };
    const created = await createUser(db, user);
    console.log(`created ${created.login}, ${role} of ${workspace}`);
  });
}
