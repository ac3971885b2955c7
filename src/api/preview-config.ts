import { readConfigVersion } from '../../db/queries/view-config.ts';
import { viewParked } from '../../db/queries/view-parked.ts';
import { type BundleFile, compileBundle, type Problem } from '../definitions/compile.ts';
import { compileMjml } from '../definitions/compile-mjml.ts';
import { diffBundles, type Edit } from '../definitions/diff.ts';
import { BUNDLE_FORMAT } from '../domain/definition.ts';
import type { Api } from './operation.ts';
import { type Affected, affectedBy } from './views/affected.ts';

export interface Preview {
  ok: boolean;
  errors: Problem[];
  warnings: Problem[];
  edits: Edit[];
  affected: Affected[];
}

/** What applying these files would do, and to whom. Nothing is applied. */
export async function previewConfig({ deps }: Api, workspace: string, files: BundleFile[]): Promise<Preview> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  const active = version > 0 ? await deps.bundles(sql, workspace, version) : null;
  const compiled = compileBundle(await compileMjml(files), active, Date.now());
  const { warnings } = compiled;
  const refused = (errors: Problem[]): Preview => ({ ok: false, errors, warnings, edits: [], affected: [] });
  if (!compiled.ok) return refused(compiled.errors);
  const { id } = compiled.bundle.workspace;
  if (id !== workspace) {
    const message = `this key belongs to workspace ${workspace}: set id to ${workspace}, or use a key of ${id}`;
    return refused([{ file: 'workspace.yaml', path: 'id', message }]);
  }
  const next = { ...compiled.bundle, format: BUNDLE_FORMAT, version: version + 1 };
  const edits = diffBundles(active, next);
  const affected = affectedBy(await viewParked(sql, workspace), active, next, edits);
  return { ok: true, errors: [], warnings, edits, affected };
}
