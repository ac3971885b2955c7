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

export interface ConfigPreview {
  ok: boolean;
  errors: Problem[];
  warnings: Problem[];
  edits: BundleEdit[];
  affected: AffectedGroup[];
}

/** What applying these files would change, and for which customers. Nothing is applied. */
export async function previewConfig(
  { db, bundles, compiler }: BundleReader & CompilerDeps,
  workspace: string,
  files: BundleFile[],
  operator: OperatorSettings = {},
): Promise<ConfigPreview> {
  const { sql } = db;
  const version = await readConfigVersion(sql, workspace);
  const active = version > 0 ? await bundles(sql, workspace, version) : null;
  const candidate = await compileCandidate({ db, compiler }, workspace, files, active, Date.now());
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
  return { ok: true, errors: [], warnings: [...candidate.warnings, ...advice], ...compared.done };
}

function refuse(errors: Problem[], warnings: Problem[]): ConfigPreview {
  return { ok: false, errors, warnings, edits: [], affected: [] };
}
