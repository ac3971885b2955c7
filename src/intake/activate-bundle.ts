import { createHash } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import { lockWorkspaceForActivation, saveBundle } from '../../db/queries/activate-bundle.ts';
import { type BundleFile, compileBundle, type Problem } from '../definitions/compile.ts';
import { BUNDLE_FORMAT, type Bundle } from '../domain/definition.ts';

export type Activation =
  | { ok: true; version: number; changed: boolean; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/**
 * Compiles a bundle and makes it the active one; or refuses it whole. The same files again change nothing.
 *
 * Compiling happens outside of the transaction. The workspace's lock, which every accept takes in share, makes the
 * instant of activation sharp: an event accepted before it enters no journey that it brings, one accepted after it
 * is never missed. Journeys parked under the older version are found and woken by the relay's sweep.
 */
export async function activateBundle(
  db: Database,
  workspace: string,
  files: BundleFile[],
): Promise<Activation> {
  const compiled = compileBundle(files, null, 0);
  if (!compiled.ok) return { ok: false, errors: compiled.errors, warnings: compiled.warnings };
  const { bundle, warnings } = compiled;
  if (bundle.workspace.id !== workspace) {
    const message = `this key belongs to workspace ${workspace}: set id to ${workspace}, or use a key of ${bundle.workspace.id}`;
    return { ok: false, errors: [{ file: 'workspace.yaml', path: 'id', message }], warnings };
  }
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  return (await db.sql.begin(async (tx) => {
    const active = await lockWorkspaceForActivation(tx, workspace);
    if (active.hash === hash) return { ok: true, version: active.version, changed: false, warnings };
    const since = new Map(active.journeys.map((journey) => [journey.id, journey.activeSince]));
    const version = active.version + 1;
    const stamped: Bundle = {
      ...bundle,
      format: BUNDLE_FORMAT,
      version,
      journeys: bundle.journeys.map((j) => ({ ...j, activeSince: since.get(j.id) ?? active.now })),
    };
    await saveBundle(tx, { workspace, version, hash, files, compiled: stamped, now: active.now });
    return { ok: true, version, changed: true, warnings };
  })) as Activation;
}
