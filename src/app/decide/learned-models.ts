import { createVersionCache, type VersionCache } from '../../../db/config/version-cache.ts';
import { readSnapshot } from '../../../db/learning/model-snapshots.ts';
import { readFit } from '../../../db/learning/score-fits.ts';
import { type ServedModel, serveSnapshot } from '../../learning/model/served-model.ts';
import { checkSnapshot, type Snapshot } from '../../learning/model/snapshot.ts';
import type { FittedScores } from '../../learning/scores/types.ts';

/** What was learned, as deciders read it: by version, without a lock. */
export interface LearnedModels {
  /** Models, made ready to decide with. */
  models: VersionCache<ServedModel>;
  /** Nightly fits of the scores. */
  fits: VersionCache<FittedScores>;
}

export function createLearnedModels(): LearnedModels {
  return {
    models: createVersionCache(async (tx, workspace, version) => {
      const snapshot = await readSnapshot(tx, workspace, version);
      return snapshot && isWhole(snapshot) ? serveSnapshot(snapshot) : null;
    }),
    fits: createVersionCache(readFit),
  };
}

/** One that was broken in the store leaves the decision to the rules. The job that learns makes a new one, and tells of it. */
function isWhole(snapshot: Snapshot): boolean {
  try {
    return checkSnapshot(snapshot, snapshot.featureSchema) === null;
  } catch {
    return false;
  }
}
