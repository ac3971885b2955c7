import type { Tx } from '../../../db/client.ts';
import { viewVersion } from '../../../db/config/versions.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import { changeWeights, type Weights } from '../../definitions/source/change-weights.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { BundleReader } from '../config/active-bundle.ts';
import { type CompilerDeps, compileNextBundle } from '../config/compile-candidate.ts';
import { recordNotFound, UseCaseError } from '../use-case-error.ts';

/** The bundle to replay decisions under: changed files, an earlier version, or the active one with other weights. */
export type CandidateSource = { files: BundleFile[] } | { version: number } | { weights: Weights };

/** The candidate, and the files in which its weights are written. */
interface LoadedCandidate {
  next: Bundle;
  warnings: Problem[];
  /** Empty unless weights were given. */
  changedFiles: BundleFile[];
}

/** Loads the candidate bundle. @throws UseCaseError `not_found`, `invalid_bundle`, `unknown_action` */
export async function loadCandidate(
  { db, bundles, compiler }: BundleReader & CompilerDeps,
  active: Bundle,
  source: CandidateSource,
): Promise<LoadedCandidate> {
  const workspace = active.workspace.id;
  if ('version' in source) {
    if (!(await viewVersion(db.sql, workspace, source.version))) throw recordNotFound('version');
    return { next: await bundles(db.sql, workspace, source.version), warnings: [], changedFiles: [] };
  }
  const { files, changedFiles } =
    'files' in source
      ? { files: source.files, changedFiles: [] }
      : await writeWeights(db.sql, active, source.weights);
  const candidate = await compileNextBundle({ db, compiler }, active, files);
  if (candidate.ok) return { next: candidate.bundle, warnings: candidate.warnings, changedFiles };
  throw new UseCaseError(
    'unprocessable',
    'invalid_bundle',
    'the bundle was refused, and no decision was replayed',
    candidate.details,
  );
}

/** The files of the active bundle with other weights. */
async function writeWeights(
  tx: Tx,
  active: Bundle,
  weights: Weights,
): Promise<{ files: BundleFile[]; changedFiles: BundleFile[] }> {
  const { files = [] } = (await viewVersion(tx, active.workspace.id, active.version)) ?? {};
  const { changed, unknownActions } = changeWeights(files, weights);
  const [unknown] = unknownActions;
  if (unknown !== undefined)
    throw new UseCaseError('unprocessable', 'unknown_action', `no file defines the action ${unknown}`);
  const texts = new Map(changed.map(({ path, text }) => [path, text]));
  return {
    files: files.map(({ path, text }) => ({ path, text: texts.get(path) ?? text })),
    changedFiles: changed,
  };
}
