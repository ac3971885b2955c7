import { parse } from 'yaml';
import type { Tx } from '../../../db/client.ts';
import { viewConfig } from '../../../db/config/active-bundle.ts';
import { UserError } from '../../user-error.ts';

/** A source to connect, and whether the active bundle has it. */
export interface ChosenSource {
  id: string;
  isDeclared: boolean;
}

const ID = /^[a-z0-9-]{1,64}$/;

/**
 * The source that the user has named; otherwise the only one of this kind in the active bundle; otherwise a new one with
 * the name of the kind.
 *
 * @throws UserError if there are several, or the id is of another kind
 */
export async function chooseSource(
  tx: Tx,
  workspace: string,
  kind: string,
  requested: string | undefined,
): Promise<ChosenSource> {
  const declared = await listSources(tx, workspace);
  if (requested !== undefined) {
    if (!ID.test(requested))
      throw new UserError(`${requested} is not the id of a source: use a-z, 0-9 and -`);
    const same = declared.find(({ id }) => id === requested);
    if (same && same.kind !== kind)
      throw new UserError(`the source ${requested} of ${workspace} is of the kind ${same.kind}, not ${kind}`);
    return { id: requested, isDeclared: same !== undefined };
  }
  const [only, ...others] = declared.filter((source) => source.kind === kind);
  if (only === undefined) return { id: kind, isDeclared: false };
  if (others.length === 0) return { id: only.id, isDeclared: true };
  const ids = [only, ...others].map(({ id }) => id).join(', ');
  throw new UserError(
    `${workspace} has several sources of the kind ${kind}: add --source with one of ${ids}`,
  );
}

async function listSources(tx: Tx, workspace: string): Promise<{ id: string; kind: string }[]> {
  const config = await viewConfig(tx, workspace);
  const file = config?.files.find(({ path }) => path === 'sources.yaml');
  const entries: unknown = file === undefined ? [] : parse(file.text);
  return Array.isArray(entries) ? entries.filter(isSource) : [];
}

function isSource(entry: unknown): entry is { id: string; kind: string } {
  const { id, kind } = (entry ?? {}) as { id?: unknown; kind?: unknown };
  return typeof id === 'string' && typeof kind === 'string';
}
