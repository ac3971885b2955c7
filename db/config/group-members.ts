import type { Tx } from '../client.ts';

/**
 * Ids of the workspaces that share with the workspace `w`: those in its group whose active bundle names it, and that
 * its own active bundle names. So no workspace joins a group by itself.
 */
export function groupMembers(tx: Tx) {
  return tx`select member.id from workspaces member where member.group_id = w.group_id
    and member.id = any(w.group_workspaces) and w.id = any(member.group_workspaces)`;
}

/** Ids of those of them whose tickets silence marketing of the workspace `w`: both share their silence. */
export function silencingMembers(tx: Tx) {
  return tx`${groupMembers(tx)} and w.shares_silence and member.shares_silence`;
}

/** Of the workspaces that a group names, those whose active bundles don't name this workspace in the same group. */
export async function readUnconfirmedMembers(
  tx: Tx,
  workspace: string,
  group: { id: string; workspaces: string[] },
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select t.id from unnest(${group.workspaces}::text[]) with ordinality as t(id, n)
    left join workspaces w on w.id = t.id
    where t.id <> ${workspace} and (w.group_id is distinct from ${group.id} or not ${workspace} = any(w.group_workspaces))
    order by t.n`;
  return rows.map(({ id }) => id);
}
