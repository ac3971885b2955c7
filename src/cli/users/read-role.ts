import type { Role } from '../../../db/access/users.ts';
import { ROLES } from '../../../db/schema/values.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { UserError } from '../../user-error.ts';

/** A role by its name. @throws UserError naming those that exist */
export function readRole(text: string): Role {
  const role = ROLES.find((candidate) => candidate === text);
  if (role) return role;
  throw new UserError(`there is no role ${text}: use ${ROLES.join(', ')}${suggestName(text, ROLES)}`);
}
