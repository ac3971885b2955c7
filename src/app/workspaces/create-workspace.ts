import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { createWorkspace } from '../../../db/config/workspaces.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { id as workspaceId } from '../../definitions/source/scalars.ts';
import { activateBundle } from '../config/activate-bundle.ts';
import type { CompilerDeps } from '../config/compile-candidate.ts';
import { invalidField } from '../use-case-error.ts';

/** What {@link createWorkspaceWithBundle} did. */
export type WorkspaceCreation =
  /** The workspace is new, or had no bundle and has one now. Version 0: it has none. */
  | { kind: 'created'; version: number; warnings: Problem[] }
  /** It existed; nothing was changed. */
  | { kind: 'exists'; version: number }
  /** The bundle has errors; nothing was created. */
  | { kind: 'refused'; errors: Problem[] };

/**
 * Creates a workspace, with a first bundle if files are given. A workspace that has a bundle keeps it: a later bundle
 * is applied, so that customers who are in its journeys are looked after.
 *
 * @throws UseCaseError if the id is not one
 */
export async function createWorkspaceWithBundle(
  deps: CompilerDeps,
  id: string,
  files: BundleFile[] | null,
): Promise<WorkspaceCreation> {
  const { success, error } = workspaceId.safeParse(id);
  if (!success) throw invalidField('id', 'invalid_id', error.issues[0]?.message ?? 'is not an id');
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, id);
  if (version > 0) return { kind: 'exists', version };
  if (files === null) {
    const isNew = await createWorkspace(sql, id);
    return isNew ? { kind: 'created', version: 0, warnings: [] } : { kind: 'exists', version: 0 };
  }
  const activation = await activateBundle(deps, id, files);
  if (!activation.ok) return { kind: 'refused', errors: activation.errors };
  return { kind: 'created', version: activation.version, warnings: activation.warnings };
}
