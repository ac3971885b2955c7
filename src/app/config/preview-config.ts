import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { readBundle } from '../../../db/config/bundles.ts';
import { countParkedCustomers } from '../../../db/journeys/parked-customers.ts';
import type { BundleEdit } from '../../definitions/diff/edit.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { BUNDLE_FORMAT } from '../../domain/definition.ts';
import type { BundleReader } from './active-bundle.ts';
import { adviseCandidate, type OperatorSettings } from './advise-candidate.ts';
import type { AffectedGroup } from './affected.ts';
import { type CompilerDeps, compileCandidate } from './compile-candidate.ts';
import type { EditedGraph } from './compiler/compare-bundles.ts';
import { planRollback, type StepMoves } from './rollback-bundle.ts';

export interface ConfigPreview {
  ok: boolean;
  /** The active version, with which the files are compared; 0: none. */
  baseVersion: number;
  errors: Problem[];
  warnings: Problem[];
  edits: BundleEdit[];
  affected: AffectedGroup[];
  graphs: EditedGraph[];
}

/** Files that may be applied, or an earlier version that may be activated again. */
export type PreviewedBundle = { files: BundleFile[] } | { version: number; moved?: StepMoves | undefined };

/** What applying these files, or a rollback, would change, and for which customers. Nothing is applied. */
export async function previewConfig(
  deps: BundleReader & CompilerDeps,
  workspace: string,
  previewed: PreviewedBundle,
  operator: OperatorSettings = {},
): Promise<ConfigPreview> {
  const { db, bundles, compiler } = deps;
  const { sql } = db;
  const version = await readConfigVersion(sql, workspace);
  const refuse = (errors: Problem[], warnings: Problem[]): ConfigPreview => {
    return { ok: false, baseVersion: version, errors, warnings, edits: [], affected: [], graphs: [] };
  };
  const active = version > 0 ? await bundles(sql, workspace, version) : null;
  const plan =
    'files' in previewed
      ? { ok: true as const, files: previewed.files, amend: null }
      : await planRollback(deps, workspace, previewed.version, previewed.moved ?? {});
  if (!plan.ok) return refuse(plan.errors, plan.warnings);
  const { files } = plan;
  const previous = active && plan.amend ? plan.amend(active) : active;
  const candidate = await compileCandidate({ db, compiler }, workspace, files, previous, Date.now());
  if (!candidate.ok) return refuse(candidate.errors, candidate.warnings);
  const earlier = version > 0 ? await readBundle(sql, workspace, version) : null;
  const compared = await compiler.run('compare', workspace, {
    active,
    activeFiles: earlier?.files ?? [],
    next: { ...candidate.bundle, format: BUNDLE_FORMAT, version: version + 1 },
    files,
    parked: await countParkedCustomers(sql, workspace),
  });
  if (!compared.ok) return refuse([compared.problem], candidate.warnings);
  const advice = await adviseCandidate(sql, candidate.bundle, operator);
  const warnings = [...candidate.warnings, ...advice];
  return { ok: true, baseVersion: version, errors: [], warnings, ...compared.done };
}
