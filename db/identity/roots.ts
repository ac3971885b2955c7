import type { Tx } from '../client.ts';

/** Who answers for an id. */
export interface Root {
  id: string;
  workspace: string;
  root: string;
}

/** Who answers for these ids since the last merge, as far as they exist. */
export async function readRoots(tx: Tx, ids: string[]): Promise<Map<string, Root>> {
  const rows = await tx<Root[]>`
    select id, workspace, coalesce(merged_into, id) as root from customers where id = any(${ids}) order by id`;
  return new Map(rows.map((row) => [row.id, row]));
}
