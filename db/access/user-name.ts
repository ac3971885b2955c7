import type { Tx } from '../client.ts';

type Fragment = ReturnType<Tx>;

/**
 * The name of the user whom a login names, in SQL; null where it names none. An event may state any login,
 * so only users of the workspace count.
 */
export function userName(tx: Tx, workspace: Fragment, login: Fragment): Fragment {
  return tx`
    (select nullif(u.name, '') from users u join user_roles r on r.user_id = u.id
     where u.login = ${login} and r.workspace = ${workspace})`;
}
