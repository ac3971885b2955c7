import { viewVersion } from '../../../db/config/versions.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { BundleReader } from '../config/active-bundle.ts';
import { type CompilerDeps, compileNextBundle } from '../config/compile-candidate.ts';
import { recordNotFound, UseCaseError } from '../use-case-error.ts';

/** The bundle to replay decisions under: changed files, or an earlier version. */
export type CandidateSource = { files: BundleFile[] } | { version: number };

/** Loads the candidate bundle. @throws UseCaseError `not_found`, `invalid_bundle` */
export async function loadCandidate(
  { db, bundles, compiler }: BundleReader & CompilerDeps,
  active: Bundle,
  source: CandidateSource,
): Promise<{ next: Bundle; warnings: Problem[] }> {
  const workspace = active.workspace.id;
  if ('version' in source) {
    if (!(await viewVersion(db.sql, workspace, source.version))) throw recordNotFound('version');
    return { next: await bundles(db.sql, workspace, source.version), warnings: [] };
  }
  const candidate = await compileNextBundle({ db, compiler }, active, source.files);
  if (candidate.ok) return { next: candidate.bundle, warnings: candidate.warnings };
  throw new UseCaseError(
    'unprocessable',
    'invalid_bundle',
    'the bundle was refused, and no decision was replayed',
    candidate.details,
  );
}
