import type { Database } from '../../../db/client.ts';
import { readEventNames } from '../../../db/events/event-names.ts';
import type { PreviousBundle } from '../../definitions/check/definition.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';
import type { RefusalDetails } from '../use-case-error.ts';
import type { BundleCompiler } from './compiler/bundle-compiler.ts';
import type { Compiled } from './compiler/compile-files.ts';

export interface CompilerDeps {
  db: Database;
  compiler: BundleCompiler;
}

/**
 * Compiles files as the bundle that would follow the active one, without applying it. A bundle of another workspace is
 * refused.
 * @param at see `compileBundle`
 */
export async function compileCandidate(
  { db, compiler }: CompilerDeps,
  workspace: string,
  files: readonly BundleFile[],
  previous: PreviousBundle | null,
  at: number,
): Promise<Compiled> {
  const received = await readEventNames(db.sql, workspace);
  const result = await compiler.run('compile', workspace, { files, previous, at, received });
  if (!result.ok) return { ok: false, errors: [result.problem], warnings: [] };
  const compiled = result.done;
  if (!compiled.ok) return compiled;
  const { id } = compiled.bundle.workspace;
  if (id === workspace) return compiled;
  const message = `this bundle is applied to workspace ${workspace}: set id to ${workspace}, or apply it to ${id}`;
  const errors = [{ file: 'workspace.yaml', path: 'id', message }];
  return { ok: false, errors, warnings: compiled.warnings };
}

type NextBundle =
  | { ok: true; bundle: Bundle; files: BundleFile[]; warnings: Problem[] }
  /** What a refusal says about the errors. */
  | { ok: false; details: RefusalDetails };

/** Compiles files as {@link compileCandidate} does, as a bundle that can be used at once. */
export async function compileNextBundle(
  deps: CompilerDeps,
  active: Bundle,
  files: readonly BundleFile[],
): Promise<NextBundle> {
  const compiled = await compileCandidate(deps, active.workspace.id, files, active, Date.now());
  const { warnings } = compiled;
  if (compiled.ok) {
    const bundle = { ...compiled.bundle, format: BUNDLE_FORMAT, version: active.version + 1 };
    return { ok: true, bundle, files: compiled.files, warnings };
  }
  const errors = compiled.errors.map(({ file, path, line, message }) => ({
    file,
    path,
    line,
    code: 'invalid_definition',
    detail: message,
  }));
  return { ok: false, details: { errors, extra: { warnings } } };
}
