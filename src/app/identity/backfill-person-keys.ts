import {
  pageCustomersWithoutPersonKey,
  readGroups,
  savePersonKeys,
} from '../../../db/customers/person-keys.ts';
import type { Intake } from '../intake/accept.ts';
import { computePersonKey } from './person-key.ts';

const PAGE = 500;

/**
 * Returns a function that computes the person keys of customers that existed before their workspace joined a group.
 * Customers with new events get theirs at acceptance. Each call processes one page. After the last page, and in a new
 * process, the pass starts over.
 *
 * @returns whether the pass has more pages
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
        personKey: computePersonKey(secret, groups.get(workspace) ?? null, email) as string,
      }));
      if (rows.length > 0) await savePersonKeys(tx, rows);
      const last = page.at(-1);
      const more = last !== undefined && page.length === PAGE;
      cursor = more ? { workspace: last.workspace, id: last.id } : { workspace: '', id: '' };
      return more;
    })) as boolean;
  };
}
