import type { z } from 'zod';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { deriveCsrfToken, type Session } from '../../app/users/sessions.ts';
import { iso } from '../../domain/time/time.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { ROLE_PERMISSIONS } from '../frame/role-permissions.ts';
import type { session } from './schema.ts';

/** Before the first bundle was applied. */
const NO_BUNDLE = { currency: 'EUR', timezone: 'UTC' };

/** A session as the console sees it. */
export async function toSessionView(deps: ApiDeps, current: Session): Promise<z.infer<typeof session>> {
  const { user, workspace, workspaces, role, expiresAt } = current;
  const { currency, timezone } = (await readActiveBundle(deps, workspace))?.workspace ?? NO_BUNDLE;
  const { scopes, operations } = ROLE_PERMISSIONS[role];
  return {
    user,
    workspace,
    workspaces,
    role,
    scopes: [...scopes],
    operations: [...operations],
    csrfToken: deriveCsrfToken(current),
    expiresAt: iso(expiresAt),
    currency,
    timeZone: timezone,
  };
}
