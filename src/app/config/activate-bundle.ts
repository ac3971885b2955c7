import {
  lockWorkspaceForActivation,
  readActiveBundle,
  type StoredBundle,
  saveBundle,
} from '../../../db/config/bundles.ts';
import type { PreviousBundle } from '../../definitions/check/definition.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import { BUNDLE_FORMAT, type Bundle } from '../../domain/definition.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { Unavailable } from '../intake/incoming-event.ts';
import { UseCaseError } from '../use-case-error.ts';
import { adviseCandidate, type OperatorSettings } from './advise-candidate.ts';
import type { CompilerDeps } from './compile-candidate.ts';
import { compileCandidate } from './compile-candidate.ts';

export type ActivationResult =
  | { ok: true; version: number; changed: boolean; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/** Amends the active bundle that the new one is compiled against. */
export type AmendBundle = (active: Bundle) => PreviousBundle;

export interface ActivationOptions extends OperatorSettings {
  amend?: AmendBundle;
  /** The person or key that applies it. */
  appliedBy?: string | undefined;
  /** The version that must be active; missing: any. */
  baseVersion?: number | undefined;
  /** It is left out where nothing changes. */
  inSameTransaction?: InSameTransaction<ActivationResult> | undefined;
}

const MAX_ATTEMPTS = 5;

/**
 * Compiles a bundle and activates it, or refuses it as a whole. Activating the same files again changes nothing.
 *
 * The bundle is compiled outside of the transaction, against the version that is active then. The transaction checks
 * under the workspace's lock that this version is still active, and otherwise the bundle is compiled again. Every
 * accept takes that lock in share mode, so the instant of activation is exact: an event accepted before it enters no
 * journey of the new bundle, and an event accepted after it is never missed. The relay's sweep finds and wakes the
 * journeys that wait under the older version.
 *
 * @throws UseCaseError `version_changed` when another version than `baseVersion` is active
 * @throws Unavailable when other activations win five times in a row
 */
export async function activateBundle(
  deps: CompilerDeps,
  workspace: string,
  files: BundleFile[],
  { amend = (active) => active, baseVersion, ...options }: ActivationOptions = {},
): Promise<ActivationResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const active = await readActiveBundle(deps.db.sql, workspace);
    if (baseVersion !== undefined) requireVersion(baseVersion, active?.version ?? 0);
    const activation = await activateAfter(deps, workspace, files, active, { amend, ...options });
    if (activation) return activation;
  }
  throw new Unavailable(`workspace ${workspace} is being changed by other activations`);
}

function requireVersion(base: number, active: number): void {
  if (base === active) return;
  const message = `version ${active} is active now, and this edit began from version ${base}: compare them first`;
  throw new UseCaseError('conflict', 'version_changed', message, {
    extra: { version: active },
  });
}

/** Returns null when another version has become active since the bundle was compiled. */
async function activateAfter(
  deps: CompilerDeps,
  workspace: string,
  files: BundleFile[],
  active: StoredBundle | null,
  { amend, appliedBy, inSameTransaction, ...operator }: ActivationOptions & { amend: AmendBundle },
): Promise<ActivationResult | null> {
  const { sql } = deps.db;
  const candidate = await compileCandidate(deps, workspace, files, active && amend(active.compiled), 0);
  if (!candidate.ok) return candidate;
  const { bundle, hash } = candidate;
  const warnings = [...candidate.warnings, ...(await adviseCandidate(sql, bundle, operator))];
  if (active?.hash === hash) return { ok: true, version: active.version, changed: false, warnings };
  const since = new Map(active?.compiled.journeys.map((journey) => [journey.id, journey.activeSince]));
  return (await sql.begin(async (tx) => {
    const locked = await lockWorkspaceForActivation(tx, workspace);
    if (locked.version !== (active?.version ?? 0)) return null;
    const version = locked.version + 1;
    const stamped: Bundle = {
      ...bundle,
      format: BUNDLE_FORMAT,
      version,
      journeys: bundle.journeys.map((j) => ({ ...j, activeSince: since.get(j.id) ?? locked.now })),
    };
    await saveBundle(tx, {
      workspace,
      version,
      hash,
      files: candidate.files,
      compiled: stamped,
      now: locked.now,
      appliedBy: appliedBy ?? null,
    });
    const activation: ActivationResult = { ok: true, version, changed: true, warnings };
    await inSameTransaction?.(tx, activation);
    return activation;
  })) as ActivationResult | null;
}
