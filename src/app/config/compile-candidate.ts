import { compileMjml } from '../../content/mjml/compile.ts';
import { compileBundle } from '../../definitions/compile/bundle.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';

export type CandidateBundle =
  | { ok: true; bundle: Bundle; files: BundleFile[]; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/**
 * Compiles files as the bundle that would follow the active one, without applying it. A bundle of another workspace is
 * refused. `version`: of the active bundle, 0 before the first.
 */
export async function compileCandidate(
  files: BundleFile[],
  workspace: string,
  active: Bundle | null,
  version: number,
): Promise<CandidateBundle> {
  const whole = await compileMjml(files);
  const compiled = compileBundle(whole, active, Date.now());
  const { warnings } = compiled;
  if (!compiled.ok) return { ok: false, errors: compiled.errors, warnings };
  const { id } = compiled.bundle.workspace;
  if (id !== workspace) {
    const message = `this key belongs to workspace ${workspace}: set id to ${workspace}, or use a key of ${id}`;
    return { ok: false, errors: [{ file: 'workspace.yaml', path: 'id', message }], warnings };
  }
  const bundle = { ...compiled.bundle, format: BUNDLE_FORMAT, version: version + 1 };
  return { ok: true, bundle, files: whole, warnings };
}
