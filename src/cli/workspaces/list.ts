import { listWorkspaces } from '../../../db/config/workspaces.ts';
import { iso } from '../../domain/time/time.ts';
import { withDatabase } from '../database.ts';
import { formatTable } from '../format-table.ts';
import { formatMinute } from '../format-time.ts';

/** Prints all workspaces, with the version of their active bundles. */
export async function listWorkspacesCommand(options: { json?: boolean } = {}): Promise<void> {
  const workspaces = await withDatabase('workspaces', ({ sql }) => listWorkspaces(sql));
  if (options.json) {
    const rows = workspaces.map(({ createdAt, activatedAt, ...workspace }) => ({
      ...workspace,
      createdAt: iso(createdAt),
      activatedAt: activatedAt === null ? null : iso(activatedAt),
    }));
    return console.log(JSON.stringify(rows, undefined, 2));
  }
  if (workspaces.length === 0) return console.log('there is no workspace yet');
  const rows = workspaces.map(({ id, version, activatedAt, keys, createdAt }) => [
    id,
    version === 0 ? '-' : String(version),
    formatMinute(activatedAt),
    String(keys),
    formatMinute(createdAt),
  ]);
  console.log(formatTable([['WORKSPACE', 'BUNDLE', 'ACTIVATED', 'KEYS', 'CREATED'], ...rows]));
}
