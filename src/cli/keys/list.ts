import { listKeys } from '../../../db/access/keys.ts';
import { iso } from '../../domain/time/time.ts';
import { withDatabase } from '../database.ts';
import { formatTable } from '../format-table.ts';
import { formatMinute } from '../format-time.ts';
import { selectWorkspace } from '../workspaces/select-workspace.ts';

/** Prints the keys of one workspace or of all, without the keys themselves. */
export async function listKeysCommand(
  options: { workspace?: string; all?: boolean; json?: boolean } = {},
): Promise<void> {
  const found = await withDatabase('keys', async (db) => {
    const workspace = options.workspace === undefined ? null : await selectWorkspace(db, options.workspace);
    return await listKeys(db.sql, workspace);
  });
  const keys = options.all ? found : found.filter(({ revokedAt }) => revokedAt === null);
  const time = (at: number | null) => (at === null ? null : iso(at));
  if (options.json) {
    const rows = keys.map((key) => ({
      ...key,
      createdAt: time(key.createdAt),
      lastUsedAt: time(key.lastUsedAt),
      revokedAt: time(key.revokedAt),
    }));
    return console.log(JSON.stringify(rows, undefined, 2));
  }
  const hidden = found.length - keys.length;
  if (keys.length > 0) {
    const rows = keys.map((key) => [
      `${key.prefix}…`,
      key.kind,
      key.workspace,
      key.label,
      key.scopes.join(',') || '-',
      formatMinute(key.createdAt),
      formatMinute(key.lastUsedAt),
      ...(options.all ? [formatMinute(key.revokedAt)] : []),
    ]);
    const head = ['KEY', 'KIND', 'WORKSPACE', 'LABEL', 'SCOPES', 'CREATED', 'LAST USED'];
    console.log(formatTable([[...head, ...(options.all ? ['REVOKED'] : [])], ...rows]));
  } else console.log('there is no key');
  if (hidden > 0)
    console.error(
      `${hidden === 1 ? 'one revoked key is' : `${hidden} revoked keys are`} left out: add --all`,
    );
}
