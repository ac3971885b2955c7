import type { ParkedCount } from '../../../../db/journeys/parked-customers.ts';
import { buildJourneyGraph, type JourneyGraph } from '../../../definitions/describe/journey-graph.ts';
import { diffBundles } from '../../../definitions/diff/bundles.ts';
import { diffContent } from '../../../definitions/diff/content.ts';
import type { BundleEdit } from '../../../definitions/diff/edit.ts';
import { equalJson } from '../../../definitions/diff/equal-json.ts';
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

/** The graph of a journey before and after an edit; null where the journey does not exist. */
export interface EditedGraph {
  journey: string;
  before: JourneyGraph | null;
  after: JourneyGraph | null;
}

export interface Comparison {
  edits: BundleEdit[];
  affected: AffectedGroup[];
  /** Of the journeys that differ. */
  graphs: EditedGraph[];
}

/** What differs between the active bundle and one that would follow it, and for which customers. */
export function compareBundles(
  { active, activeFiles, next, files, parked }: CompareRequest,
  onFile: OnFile,
): Comparison {
  const edits = [...diffBundles(active, next), ...diffContent(activeFiles, files, onFile)];
  const affected = computeAffected(parked, active, next, edits);
  return { edits, affected, graphs: compareGraphs(active, next, edits) };
}

function compareGraphs(active: Bundle | null, next: Bundle, edits: BundleEdit[]): EditedGraph[] {
  const edited = new Set(edits.map(({ journey }) => journey));
  const before = listGraphs(active);
  const after = listGraphs(next);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((journey) => {
      return { journey, before: before.get(journey) ?? null, after: after.get(journey) ?? null };
    })
    .filter((graph) => edited.has(graph.journey) || !equalJson(graph.before, graph.after));
}

function listGraphs(bundle: Bundle | null): Map<string, JourneyGraph> {
  return new Map(bundle?.journeys.map((def) => [def.id, buildJourneyGraph(def, bundle.actions)]));
}
