import type { Sql } from '../../../db/client.ts';
import { readUnconfirmedMembers } from '../../../db/config/group-members.ts';
import { readEventNames } from '../../../db/events/event-names.ts';
import { adviseBundle } from '../../definitions/advise/bundle.ts';
import { adviseGroup } from '../../definitions/advise/group.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import type { Bundle } from '../../domain/definition.ts';

/** Warnings about a bundle that compiles: by its files, the events received, and the other workspaces of its group. */
export async function adviseCandidate(
  sql: Sql,
  workspace: string,
  files: BundleFile[],
  bundle: Omit<Bundle, 'format' | 'version'>,
): Promise<Problem[]> {
  const received = await readEventNames(sql, workspace);
  const unconfirmed = bundle.group ? await readUnconfirmedMembers(sql, workspace, bundle.group) : [];
  return [...adviseBundle(files, bundle, received), ...adviseGroup(bundle.group, unconfirmed)];
}
