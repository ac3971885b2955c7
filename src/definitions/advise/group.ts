import type { GroupDef } from '../../domain/definition.ts';
import type { Problem } from '../source/problem.ts';

/**
 * Warns of workspaces with which nothing is shared yet, because their bundles don't name this workspace.
 *
 * @param unconfirmed ids of those workspaces
 */
export function adviseGroup(group: GroupDef | null, unconfirmed: readonly string[]): Problem[] {
  if (!group) return [];
  return unconfirmed.map((id) => ({
    file: 'group.yaml',
    path: `workspaces[${group.workspaces.indexOf(id)}]`,
    message: `nothing is shared with '${id}' until its active group.yaml has the id ${group.id} and names this workspace`,
  }));
}
