import type { Sql } from '../../../db/client.ts';
import { readUnconfirmedMembers } from '../../../db/config/group-members.ts';
import { adviseGroup } from '../../definitions/advise/group.ts';
import { adviseSending } from '../../definitions/advise/sending.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { SendingPermissions } from '../../domain/sending-permissions.ts';

/**
 * Warnings about a bundle that compiles, by what it can't know: the other workspaces of its group, and what the operator
 * lets the workspace send.
 */
export async function adviseCandidate(
  sql: Sql,
  bundle: Omit<Bundle, 'format' | 'version'>,
  permissions: SendingPermissions | undefined,
): Promise<Problem[]> {
  const { id } = bundle.workspace;
  const unconfirmed = bundle.group ? await readUnconfirmedMembers(sql, id, bundle.group) : [];
  return [
    ...adviseGroup(bundle.group, unconfirmed),
    ...(permissions ? adviseSending(bundle, permissions) : []),
  ];
}
