import { readFit } from '../../db/queries/fits.ts';
import { readSnapshot } from '../../db/queries/models.ts';
import { createVersionCache, type VersionCache } from '../../db/version-cache.ts';
import { checkSnapshot, type Snapshot } from '../decisioning/learning/model.ts';
import { type Served, serve } from '../decisioning/learning/serve.ts';
import type { FittedScores } from '../decisioning/scores/types.ts';

/** What was learned, as deciders read it: by version, without a lock. */
export interface Learned {
  /** Models, made ready to decide with. */
  models: VersionCache<Served>;
  /** Nightly fits of the scores. */
  fits: VersionCache<FittedScores>;
}

export function createLearned(): Learned {
  return {
    models: createVersionCache(async (tx, workspace, version) => {
      const snapshot = await readSnapshot(tx, workspace, version);
      return snapshot && isWhole(snapshot) ? serve(snapshot) : null;
    }),
    fits: createVersionCache(readFit),
  };
}

/** One that was broken in the store leaves the decision to the rules. The job that learns makes a new one, and tells of it. */
function isWhole(snapshot: Snapshot): boolean {
  try {
    return checkSnapshot(snapshot, snapshot.shape) === null;
  } catch {
    return false;
  }
}
