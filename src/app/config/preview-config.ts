import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { readBundle } from '../../../db/config/bundles.ts';
import { countParkedCustomers } from '../../../db/journeys/parked-customers.ts';
import { diffBundles } from '../../definitions/diff/bundles.ts';
import { diffContent } from '../../definitions/diff/content.ts';
import type { BundleEdit } from '../../definitions/diff/edit.ts';
import type { BundleFile } from '../../definitions/source/bundle-file.ts';
import type { Problem } from '../../definitions/source/problem.ts';
import type { SendingPermissions } from '../../domain/sending-permissions.ts';
import type { BundleReader } from './active-bundle.ts';
import { adviseCandidate } from './advise-candidate.ts';
import { type AffectedGroup, computeAffected } from './affected.ts';
import { compileCandidate } from './compile-candidate.ts';

export interface ConfigPreview {
  ok: boolean;
  errors: Problem[];
  warnings: Problem[];
  edits: BundleEdit[];
  affected: AffectedGroup[];
}

/** What applying these files would change, and for which customers. Nothing is applied. */
export async function previewConfig(
  { db, bundles }: BundleReader,
  workspace: string,
  files: BundleFile[],
  permissions?: SendingPermissions,
): Promise<ConfigPreview> {
  const { sql } = db;
  const version = await readConfigVersion(sql, workspace);
  const active = version > 0 ? await bundles(sql, workspace, version) : null;
  const candidate = await compileCandidate(files, workspace, active, version);
  const { warnings } = candidate;
  if (!candidate.ok) return { ok: false, errors: candidate.errors, warnings, edits: [], affected: [] };
  const earlier = version > 0 ? await readBundle(sql, workspace, version) : null;
  const edits = [...diffBundles(active, candidate.bundle), ...diffContent(earlier?.files ?? [], files)];
  const parked = await countParkedCustomers(sql, workspace);
  const affected = computeAffected(parked, active, candidate.bundle, edits);
  const advice = await adviseCandidate(sql, candidate.files, candidate.bundle, permissions);
  return { ok: true, errors: [], warnings: [...warnings, ...advice], edits, affected };
}
