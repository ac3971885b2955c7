import { createVersionCache, type VersionCache } from '../../../db/config/version-cache.ts';
import { readSnapshot } from '../../../db/learning/model-snapshots.ts';
import { readFit } from '../../../db/learning/score-fits.ts';
import { type ServedModel, serveSnapshot } from '../../learning/model/served-model.ts';
import { checkSnapshot, type Snapshot } from '../../learning/model/snapshot.ts';
import type { FittedScores } from '../../learning/scores/types.ts';

/** What was learned, by version. Versions never change, so they are read without a lock. */
export interface LearnedModels {
  /** Models, prepared for arbitration. */
  models: VersionCache<ServedModel>;
  /** Nightly fits of the scores. */
  fits: VersionCache<FittedScores>;
}

export function createLearnedModels(): LearnedModels {
  return {
    models: createVersionCache(async (tx, workspace, version) => {
      const snapshot = await readSnapshot(tx, workspace, version);
      return snapshot && isIntact(snapshot) ? serveSnapshot(snapshot) : null;
    }),
    fits: createVersionCache(readFit),
  };
}

/** A corrupt snapshot leaves the decision to the rules. The learning job writes a new one, and logs it. */
function isIntact(snapshot: Snapshot): boolean {
  try {
    return checkSnapshot(snapshot, snapshot.featureSchema) === null;
  } catch {
    return false;
  }
}
