import type { Page } from 'playwright-core';
import type { Role } from '../../../db/access/users.ts';
import type { Database } from '../../../db/client.ts';
import { createUser } from '../../../src/app/users/manage-users.ts';
import { beginSession } from '../../../src/app/users/sessions.ts';

const PASSWORD = 'correct horse battery staple';

/** Users of a running console, one for each role, made when they are first needed. */
export interface Users {
  /** Gives a browser the session of a user, without the login page. */
  begin(page: Page, role: Role): Promise<void>;
  /** Fills in the login page that is open, and sends it. */
  logIn(page: Page, role: Role): Promise<void>;
}

/** @param workspaces in which each of them has their role; the first is the one that they see first */
export function createUsers(db: Database, url: string, workspaces: [string, ...string[]]): Users {
  const made = new Map<Role, Promise<{ id: string; login: string }>>();
  const find = (role: Role) => {
    const user =
      made.get(role) ??
      createUser(db, {
        login: role,
        name: `Kim the ${role}`,
        password: PASSWORD,
        roles: Object.fromEntries(workspaces.map((workspace) => [workspace, role])),
      });
    made.set(role, user);
    return user;
  };
  return {
    async begin(page, role) {
      const { id } = await find(role);
      const [row] = await db.sql`select password_hash as "passwordHash" from users where id = ${id}`;
      const passwordHash = row?.passwordHash as string;
      const token = await beginSession(db.sql, { userId: id, workspace: workspaces[0], passwordHash });
      if (token === null) throw new Error(`the ${role} may not log in`);
      const cookie = {
        name: 'throughline_session',
        value: token,
        url,
        httpOnly: true,
        sameSite: 'Strict',
      } as const;
      await page.context().addCookies([cookie]);
    },
    async logIn(page, role) {
      const { login } = await find(role);
      await page.getByLabel('Login').fill(login);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
    },
  };
}
