import type { Database } from '../../../db/client.ts';
import { listWorkspaces } from '../../../db/config/workspaces.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { UserError } from '../../user-error.ts';

/** The workspace that the user has named, or the only one. @throws UserError naming those that exist */
export async function selectWorkspace(
  { sql }: Pick<Database, 'sql'>,
  requested: string | undefined,
): Promise<string> {
  const ids = (await listWorkspaces(sql)).map(({ id }) => id);
  const [only] = ids;
  if (only === undefined)
    throw new UserError('there is no workspace yet: run throughline workspaces create <id>');
  if (requested === undefined) {
    if (ids.length === 1) return only;
    throw new UserError(`there are several workspaces: add --workspace with one of ${ids.join(', ')}`);
  }
  if (ids.includes(requested)) return requested;
  throw new UserError(
    `there is no workspace ${requested}: use ${ids.join(', ')}, or run throughline workspaces create ${requested}${suggestName(requested, ids)}`,
  );
}
