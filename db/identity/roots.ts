import type { Tx } from '../client.ts';

/** An id and the current customer behind it. */
export interface Root {
  id: string;
  workspace: string;
  root: string;
}

/** The current customers behind these ids, after all merges. Unknown ids are left out. */
export async function readRoots(tx: Tx, ids: string[]): Promise<Map<string, Root>> {
  const rows = await tx<Root[]>`
    select id, workspace, coalesce(merged_into, id) as root from customers where id = any(${ids}) order by id`;
  return new Map(rows.map((row) => [row.id, row]));
}
