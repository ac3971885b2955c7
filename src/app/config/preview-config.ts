import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { countParkedCustomers } from '../../../db/journeys/parked-customers.ts';
import type { Api } from '../../api/frame/operation.ts';
import { compileMjml } from '../../content/mjml/compile.ts';
import { compileBundle } from '../../definitions/compile/bundle.ts';
import { diffBundles } from '../../definitions/diff/bundles.ts';
import type { BundleEdit } from '../../definitions/diff/edit.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { BUNDLE_FORMAT } from '../../domain/definition.ts';
import { type AffectedGroup, computeAffected } from './affected.ts';

export interface ConfigPreview {
  ok: boolean;
  errors: Problem[];
  warnings: Problem[];
  edits: BundleEdit[];
  affected: AffectedGroup[];
}

/** What applying these files would do, and to whom. Nothing is applied. */
export async function previewConfig(
  { deps }: Api,
  workspace: string,
  files: BundleFile[],
): Promise<ConfigPreview> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  const active = version > 0 ? await deps.bundles(sql, workspace, version) : null;
  const compiled = compileBundle(await compileMjml(files), active, Date.now());
  const { warnings } = compiled;
  const refused = (errors: Problem[]): ConfigPreview => ({
    ok: false,
    errors,
    warnings,
    edits: [],
    affected: [],
  });
  if (!compiled.ok) return refused(compiled.errors);
  const { id } = compiled.bundle.workspace;
  if (id !== workspace) {
    const message = `this key belongs to workspace ${workspace}: set id to ${workspace}, or use a key of ${id}`;
    return refused([{ file: 'workspace.yaml', path: 'id', message }]);
  }
  const next = { ...compiled.bundle, format: BUNDLE_FORMAT, version: version + 1 };
  const edits = diffBundles(active, next);
  const affected = computeAffected(await countParkedCustomers(sql, workspace), active, next, edits);
  return { ok: true, errors: [], warnings, edits, affected };
}
