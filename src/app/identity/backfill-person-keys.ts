import {
  pageCustomersWithoutPersonKey,
  readGroups,
  savePersonKeys,
} from '../../../db/customers/person-keys.ts';
import type { Intake } from '../intake/accept.ts';
import { computePersonKey } from './person-key.ts';

const PAGE = 500;

/**
 * Gives customers who were there before their workspace came into a group the keyed hash by which the group knows
 * them; whoever is heard of gets it anyway. Each call does a page; the pass over all is begun again after its end, and
 * where the process begins again. Returns whether there is more of this pass.
 */
export function createPersonKeyBackfill(intake: Intake): () => Promise<boolean> {
  let cursor = { workspace: '', id: '' };
  return async () => {
    const { secret } = intake;
    if (secret === undefined) return false;
    const groups = await readGroups(intake.db.sql);
    if (groups.size === 0) return false;
    return (await intake.db.sql.begin(async (tx) => {
      const page = await pageCustomersWithoutPersonKey(tx, [...groups.keys()], cursor, PAGE);
      const rows = page.map(({ id, workspace, email }) => ({
        id,
        contact: computePersonKey(secret, groups.get(workspace) ?? null, email) as string,
      }));
      if (rows.length > 0) await savePersonKeys(tx, rows);
      const last = page.at(-1);
      const more = last !== undefined && page.length === PAGE;
      cursor = more ? { workspace: last.workspace, id: last.id } : { workspace: '', id: '' };
      return more;
    })) as boolean;
  };
}
