import type { KeyKind, Scope } from '../../../db/access/keys.ts';
import { KEY_KINDS, SCOPES } from '../../../db/schema/values.ts';
import { createKey } from '../../app/api-keys/keys.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { UserError } from '../../user-error.ts';
import { withDatabase } from '../database.ts';
import { selectWorkspace } from '../workspaces/select-workspace.ts';

const LONGEST_LABEL = 100;

export interface CreateKeyOptions {
  label: string;
  workspace?: string;
  /** Separated by commas, or `all`. */
  scopes?: string;
  json?: boolean;
}

/** Creates a key and prints it: the key alone on standard output, everything else on standard error. */
export async function createKeyCommand(kindText: string, options: CreateKeyOptions): Promise<void> {
  const kind = parseKind(kindText);
  const scopes = parseScopes(kind, options.scopes);
  const label = parseLabel(options.label);
  const { workspace, key } = await withDatabase('keys', async (db) => {
    const selected = await selectWorkspace(db, options.workspace);
    return { workspace: selected, key: await createKey(db, { workspace: selected, kind, scopes, label }) };
  });
  if (options.json) return console.log(JSON.stringify({ key, kind, workspace, label, scopes }));
  console.error(
    `created ${describeKind(kind, scopes)} for ${workspace}: ${label}\nThis is the only time that it is shown:`,
  );
  console.log(key);
}

function parseKind(text: string): KeyKind {
  const kind = KEY_KINDS.find((candidate) => candidate === text);
  if (kind) return kind;
  throw new UserError(
    `there is no kind of key ${text}: use write (servers send events), browser (pages and apps) or api${suggestName(text, KEY_KINDS)}`,
  );
}

function parseScopes(kind: KeyKind, text: string | undefined): Scope[] {
  const list = SCOPES.join(',');
  if (kind !== 'api') {
    if (text === undefined) return [];
    throw new UserError(`a ${kind} key has no scopes: leave --scopes out`);
  }
  if (text === undefined)
    throw new UserError(`an API key needs --scopes: all, or some of ${list} (docs/reference/permissions.md)`);
  if (text === 'all') return [...SCOPES];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(SCOPES as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new UserError(
      `there is no scope ${unknown || '""'}: use all, or some of ${list}${suggestName(unknown, SCOPES)}`,
    );
  return SCOPES.filter((scope) => names.includes(scope));
}

function parseLabel(text: string): string {
  const label = text.trim();
  if (label !== '' && label.length <= LONGEST_LABEL) return label;
  throw new UserError(`the label must have 1 to ${LONGEST_LABEL} characters: it says who uses the key`);
}

function describeKind(kind: KeyKind, scopes: readonly Scope[]): string {
  if (kind === 'api') return `an API key (${scopes.join(', ')})`;
  return kind === 'write' ? 'a write key' : 'a browser key';
}
