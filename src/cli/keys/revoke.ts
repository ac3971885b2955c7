import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { ListedKey } from '../../../db/access/keys.ts';
import { KEY_CACHE_MS } from '../../app/api-keys/keys.ts';
import { findKeysByReference, revokeKeyById } from '../../app/api-keys/revoke-key.ts';
import { UserError } from '../../user-error.ts';
import { withDatabase } from '../database.ts';
import { formatTable } from '../format-table.ts';
import { formatMinute } from '../format-time.ts';
import { selectWorkspace } from '../workspaces/select-workspace.ts';

/**
 * Revokes one key, which is named by its id, its beginning or its label. In a terminal it asks first.
 *
 * @param ask asks the user; null where there is none
 */
export async function revokeKeyCommand(
  reference: string,
  options: { workspace?: string; yes?: boolean } = {},
  ask: ((question: string) => Promise<string>) | null = process.stdin.isTTY ? askInTerminal : null,
): Promise<void> {
  await withDatabase('keys', async (db) => {
    const workspace = options.workspace === undefined ? null : await selectWorkspace(db, options.workspace);
    const key = requireOne(reference, await findKeysByReference(db, reference, workspace));
    if (key.revokedAt !== null)
      return console.log(`${describe(key)} was revoked at ${formatMinute(key.revokedAt)} already`);
    if (!options.yes && ask && !isYes(await ask(`Revoke ${describe(key)}? [y/N] `)))
      throw new UserError('nothing was revoked');
    await revokeKeyById(db, key.id);
    console.log(
      `revoked ${describe(key)}: requests with it are refused with 401 revoked_key within ${KEY_CACHE_MS / 1_000} s`,
    );
  });
}

function requireOne(reference: string, keys: readonly ListedKey[]): ListedKey {
  const [key, second] = keys;
  if (!key)
    throw new UserError(
      `no key has the id, beginning or label ${reference}: see throughline keys list (a beginning has at least 5 characters)`,
    );
  if (!second) return key;
  const rows = keys.map(({ id, prefix, kind, workspace, label }) => [
    `  ${id}`,
    `${prefix}…`,
    kind,
    workspace,
    label,
  ]);
  throw new UserError(`${reference} means ${keys.length} keys: name one by its id\n${formatTable(rows)}`);
}

/** `the write key wk_Xk3f9QzA… of aroma (shop, last used at 2026-11-22 07:54Z)`. */
function describe({ kind, prefix, workspace, label, lastUsedAt }: ListedKey): string {
  const use = lastUsedAt === null ? 'never used' : `last used at ${formatMinute(lastUsedAt)}`;
  return `the ${kind} key ${prefix}… of ${workspace} (${label}, ${use})`;
}

function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}

async function askInTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
