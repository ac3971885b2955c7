import { createHash } from 'node:crypto';
import type { Database } from '../../../db/client.ts';
import {
  lockWorkspaceForActivation,
  readActiveBundle,
  type StoredBundle,
  saveBundle,
} from '../../../db/config/bundles.ts';
import { compileMjml } from '../../content/mjml/compile.ts';
import {
  type BundleFile,
  compileBundle,
  type PreviousBundle,
  type Problem,
} from '../../definitions/compile/bundle.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';

export type ActivationResult =
  | { ok: true; version: number; changed: boolean; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/** What a bundle is compiled against: the active one, as it is or as the caller amends it. */
export type AmendBundle = (active: Bundle) => PreviousBundle;

const TRIES = 5;

/**
 * Compiles a bundle and makes it the active one; or refuses it whole. The same files again change nothing.
 *
 * Compiling happens outside of the transaction, against the version that is active then; under the lock it is asked
 * again whether it still is. The workspace's lock, which every accept takes in share, makes the instant of activation
 * sharp: an event accepted before it enters no journey that it brings, one accepted after it is never missed.
 * Journeys parked under the older version are found and woken by the relay's sweep.
 */
export async function activateBundle(
  db: Database,
  workspace: string,
  files: BundleFile[],
  amend: AmendBundle = (active) => active,
): Promise<ActivationResult> {
  const whole = await compileMjml(files);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const active = await readActiveBundle(db.sql, workspace);
    const activation = await activateAfter(db, workspace, whole, active, amend);
    if (activation) return activation;
  }
  throw new Error(`workspace ${workspace} is being changed by somebody else: try again`);
}

/** Null when another version has become active meanwhile: what was compiled against is no longer what is there. */
async function activateAfter(
  db: Database,
  workspace: string,
  files: BundleFile[],
  active: StoredBundle | null,
  amend: AmendBundle,
): Promise<ActivationResult | null> {
  const compiled = compileBundle(files, active && amend(active.compiled), 0);
  if (!compiled.ok) return { ok: false, errors: compiled.errors, warnings: compiled.warnings };
  const { bundle, warnings } = compiled;
  if (bundle.workspace.id !== workspace) {
    const message = `this key belongs to workspace ${workspace}: set id to ${workspace}, or use a key of ${bundle.workspace.id}`;
    return { ok: false, errors: [{ file: 'workspace.yaml', path: 'id', message }], warnings };
  }
  const sources = files.map(({ path, text }) => ({ path, text }));
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex');
  if (active?.hash === hash) return { ok: true, version: active.version, changed: false, warnings };
  const since = new Map(active?.compiled.journeys.map((journey) => [journey.id, journey.activeSince]));
  return (await db.sql.begin(async (tx) => {
    const locked = await lockWorkspaceForActivation(tx, workspace);
    if (locked.version !== (active?.version ?? 0)) return null;
    const version = locked.version + 1;
    const stamped: Bundle = {
      ...bundle,
      format: BUNDLE_FORMAT,
      version,
      journeys: bundle.journeys.map((j) => ({ ...j, activeSince: since.get(j.id) ?? locked.now })),
    };
    await saveBundle(tx, { workspace, version, hash, files, compiled: stamped, now: locked.now });
    return { ok: true, version, changed: true, warnings };
  })) as ActivationResult | null;
}
