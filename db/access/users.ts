import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import type { ROLES } from '../schema/values.ts';
import { userRoles, users } from '../schema.ts';

export type Role = (typeof ROLES)[number];

const COLUMNS = ['id', 'login', 'name', 'createdAt', 'disabledAt'] as const;

type UserRow = Row<typeof users, (typeof COLUMNS)[number]>;

export type UserWithPassword = Row<typeof users, (typeof COLUMNS)[number] | 'passwordHash'>;

/** A user as the command line lists them. */
export interface ListedUser extends UserRow {
  hasPassword: boolean;
  /** By workspace. */
  roles: Record<string, Role>;
}

/** Saves a user. Returns false if the login is taken. */
export async function insertUser(
  tx: Tx,
  user: Row<typeof users, 'id' | 'login' | 'name' | 'passwordHash'>,
): Promise<boolean> {
  const rows = await tx`
    ${insertRows(tx, users, ['id', 'login', 'name', 'passwordHash'], [user])} on conflict do nothing returning id`;
  return rows.length > 0;
}

/** The user with this login, and the hash of the password; null if there is none. */
export async function findUser(tx: Tx, login: string): Promise<UserWithPassword | null> {
  const [row] = await tx<UserWithPassword[]>`
    select ${selectColumns(tx, users, [...COLUMNS, 'passwordHash'])} from users where login = ${login}`;
  return row ?? null;
}

/** All users with their roles, by login. */
export async function listUsers(tx: Tx): Promise<ListedUser[]> {
  return await tx<ListedUser[]>`
    select ${selectColumns(tx, users, COLUMNS, 'u')}, u.password_hash is not null as "hasPassword",
      coalesce((select jsonb_object_agg(r.workspace, r.role) from user_roles r where r.user_id = u.id), '{}') as roles
    from users u order by u.login`;
}

/** The workspaces in which a user has a role, in order. */
export async function readWorkspacesOf(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx<{ workspace: string }[]>`
    select workspace from user_roles where user_id = ${userId} order by workspace`;
  return rows.map(({ workspace }) => workspace);
}

/** Gives a user a role in a workspace, in place of the one before. */
export async function saveRole(tx: Tx, role: Row<typeof userRoles>): Promise<void> {
  await tx`
    ${insertRows(tx, userRoles, ['userId', 'workspace', 'role'], [role])}
    on conflict (user_id, workspace) do update set role = excluded.role`;
}

/** Takes the role of a user in a workspace away. Returns false if there was none. */
export async function deleteRole(tx: Tx, { userId, workspace }: Omit<Row<typeof userRoles>, 'role'>) {
  const rows = await tx`
    delete from user_roles where user_id = ${userId} and workspace = ${workspace} returning 1`;
  return rows.length > 0;
}

/** Replaces the password. The caller ends the sessions in the same transaction. */
export async function savePassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx`update users set password_hash = ${passwordHash} where id = ${userId}`;
}

/** Disables a user, or enables them again. The caller ends the sessions in the same transaction. */
export async function saveDisabled(tx: Tx, userId: string, isDisabled: boolean): Promise<void> {
  await tx`
    update users set disabled_at = case when ${isDisabled} then clock_timestamp() end where id = ${userId}`;
}
