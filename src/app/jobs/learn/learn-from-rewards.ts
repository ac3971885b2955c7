import type { Tx } from '../../../../db/client.ts';
import { readConfigVersion } from '../../../../db/config/active-bundle.ts';
import { closeRewards } from '../../../../db/learning/due-rewards.ts';
import { deleteFadedDeltas } from '../../../../db/learning/model-deltas.ts';
import { lockLearning, saveSnapshot, thinSnapshots } from '../../../../db/learning/model-snapshots.ts';
import { DAY, type Instant } from '../../../domain/time/time.ts';
import { foldDeltas } from '../../../learning/model/fold-deltas.ts';
import { sealSnapshot } from '../../../learning/model/snapshot.ts';
import type { JobDeps, JobProgress, JobRequest } from '../job.ts';
import { FADED_HALF_LIVES, foldStoredDeltas } from './catch-up.ts';
import { closeDueRewards } from './close-due-rewards.ts';
import { type CurrentModel, loadCurrentModel } from './current-model.ts';
import { foldObservations } from './fold-observations.ts';

/** How much one page does; tests make it small. */
export interface LearnPages {
  rewards: number;
  deltas: number;
}

/** A hundred rewards are a seventh of a second's work: even on a busy machine the transaction isn't idle for long. */
const PAGES: LearnPages = { rewards: 100, deltas: 1_000 };

/** A model forgets also where nothing comes. */
const REFRESH = DAY;

/**
 * Closes the rewards whose window is over, learns from them and writes the next version of the model, in one commit
 * under the workspace's lock: killed anywhere, nothing is learned twice and nothing is lost.
 */
export async function learnFromRewards(
  deps: JobDeps,
  { workspace, now }: JobRequest,
  pages: LearnPages = PAGES,
): Promise<JobProgress> {
  const progress = (await deps.db.sql.begin((tx) => page(tx, deps, workspace, now, pages))) as JobProgress;
  await deps.failpoint?.('learned', workspace);
  return progress;
}

async function page(
  tx: Tx,
  deps: JobDeps,
  workspace: string,
  now: Instant,
  pages: LearnPages,
): Promise<JobProgress> {
  await lockLearning(tx, workspace);
  const version = await readConfigVersion(tx, workspace);
  if (version === 0) return { more: false };
  const bundle = await deps.bundles(tx, workspace, version);
  const found = await loadCurrentModel(tx, deps, bundle, now);
  const caught = await foldStoredDeltas(tx, deps, workspace, found, now, pages.deltas);
  if (caught.full) {
    await save(tx, workspace, caught.model, now);
    return { more: true };
  }
  const {
    observations: known,
    ends,
    full,
  } = await closeDueRewards(tx, deps, { bundle, now, limit: pages.rewards });
  const learned = await foldObservations(tx, workspace, caught.model, known, now);
  const all = [...ends, ...learned.ends];
  if (all.length > 0) await closeRewards(tx, all);
  await save(tx, workspace, learned.model, now);
  await deps.failpoint?.('learning', workspace);
  return { more: full };
}

/** Writes the next version, if anything is new. */
async function save(tx: Tx, workspace: string, model: CurrentModel, now: Instant): Promise<void> {
  const { snapshot, kinds, foldedTo, newestVersion: newest } = model;
  if (!model.changed && now - snapshot.at < REFRESH) return;
  const { hash: _, ...content } = foldDeltas(snapshot, [], now).snapshot;
  const version = newest + 1;
  const body = { ...sealSnapshot({ ...content, version }), kinds };
  await saveSnapshot(tx, workspace, { foldedTo, body });
  await thinSnapshots(tx, workspace, version);
  await deleteFadedDeltas(tx, workspace, (FADED_HALF_LIVES * snapshot.halfLife) / DAY);
}
