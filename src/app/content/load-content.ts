import { readCopies } from '../../../db/cms/read-copies.ts';
import { readBundle } from '../../../db/config/bundles.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import { type Bundle, cmsOrigin } from '../../domain/definition.ts';
import { type BundleReader, requireActiveBundle } from '../config/active-bundle.ts';
import { type CompilerDeps, compileNextBundle } from '../config/compile-candidate.ts';
import { UseCaseError } from '../use-case-error.ts';

/** A bundle, with its files. */
interface LoadedContent {
  bundle: Bundle;
  files: readonly BundleFile[];
}

/**
 * Loads the content of a changed bundle; without one, that of the active bundle as it is sent.
 * @throws UseCaseError `no_bundle`, `invalid_bundle`
 */
export async function loadContent(
  deps: BundleReader & CompilerDeps,
  { workspace, files }: { workspace: string; files: BundleFile[] | null },
): Promise<LoadedContent> {
  const active = await requireActiveBundle(deps, workspace);
  if (files !== null) {
    const next = await compileNextBundle(deps, active, files);
    if (next.ok) return next;
    throw new UseCaseError('unprocessable', 'invalid_bundle', 'the bundle has errors', next.details);
  }
  const stored = await readBundle(deps.db.sql, workspace, active.version);
  return { bundle: active, files: await withCopies(deps, workspace, active, stored?.files ?? []) };
}

/** The files with the last good copies of a CMS, as they are sent. */
async function withCopies(
  { db }: BundleReader,
  workspace: string,
  { cms }: Bundle,
  files: readonly BundleFile[],
): Promise<readonly BundleFile[]> {
  if (!cms) return files;
  const origins = new Map(cms.map((entry) => [entry.file, cmsOrigin(entry)]));
  const copies = await readCopies(db.sql, workspace);
  const texts = new Map(
    copies.flatMap(({ file, origin, text }) =>
      text !== null && origins.get(file) === origin ? [[file, text] as const] : [],
    ),
  );
  return files.map((file) => {
    const text = texts.get(file.path);
    return text === undefined ? file : { path: file.path, text };
  });
}
