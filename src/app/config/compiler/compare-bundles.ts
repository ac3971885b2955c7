import type { ParkedCount } from '../../../../db/journeys/parked-customers.ts';
import { diffBundles } from '../../../definitions/diff/bundles.ts';
import { diffContent } from '../../../definitions/diff/content.ts';
import type { BundleEdit } from '../../../definitions/diff/edit.ts';
import type { BundleFile } from '../../../definitions/source/bundle-file.ts';
import type { OnFile } from '../../../definitions/source/read-sources.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { type AffectedGroup, computeAffected } from '../affected.ts';

export interface CompareRequest {
  /** Null before the first bundle. */
  active: Bundle | null;
  activeFiles: readonly BundleFile[];
  next: Bundle;
  files: readonly BundleFile[];
  parked: ParkedCount[];
}

export interface Comparison {
  edits: BundleEdit[];
  affected: AffectedGroup[];
}

/** What differs between the active bundle and one that would follow it, and for which customers. */
export function compareBundles(
  { active, activeFiles, next, files, parked }: CompareRequest,
  onFile: OnFile,
): Comparison {
  const edits = [...diffBundles(active, next), ...diffContent(activeFiles, files, onFile)];
  return { edits, affected: computeAffected(parked, active, next, edits) };
}
