import { listUsers } from '../../../db/access/users.ts';
import { iso } from '../../domain/time/time.ts';
import { formatTable } from '../format-table.ts';
import { formatMinute } from '../format-time.ts';
import { withUsers } from './with-user.ts';

/** Prints all users with their roles. */
export async function listUsersCommand(options: { json?: boolean } = {}): Promise<void> {
  const users = await withUsers(({ sql }) => listUsers(sql));
  if (options.json) {
    const rows = users.map(({ createdAt, disabledAt, ...user }) => ({
      ...user,
      createdAt: iso(createdAt),
      disabledAt: disabledAt === null ? null : iso(disabledAt),
    }));
    return console.log(JSON.stringify(rows, undefined, 2));
  }
  if (users.length === 0)
    return console.log('there is no user yet: run throughline users create <login> --role operator');
  const rows = users.map(({ login, name, roles, createdAt, disabledAt }) => [
    login,
    name,
    Object.entries(roles)
      .sort()
      .map(([workspace, role]) => `${workspace}=${role}`)
      .join(' ') || '-',
    formatMinute(createdAt),
    formatMinute(disabledAt),
  ]);
  console.log(formatTable([['LOGIN', 'NAME', 'ROLES', 'CREATED', 'DISABLED'], ...rows]));
}
