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

/** The size of one page; tests make it small. */
export interface LearnPages {
  rewards: number;
  deltas: number;
}

/** A hundred rewards take about 0.15 s, so the transaction is short even on a busy machine. */
const PAGES: LearnPages = { rewards: 100, deltas: 1_000 };

/** Without rewards a new version is written this often, because the model also forgets with time. */
const REFRESH = DAY;

/**
 * Closes the rewards whose window is over, learns from them, and writes the next version of the model. All of it is one
 * transaction under the workspace's lock: if the worker is killed, nothing is lost and nothing is learned twice.
 */
export async function learnFromRewards(
  deps: JobDeps,
  { workspace, now }: JobRequest,
  pages: LearnPages = PAGES,
): Promise<JobProgress> {
  const progress = (await deps.db.sql.begin((tx) => runPage(tx, deps, workspace, now, pages))) as JobProgress;
  await deps.failpoint?.('learned', workspace);
  return progress;
}

async function runPage(
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
  const current = await loadCurrentModel(tx, deps, bundle, now);
  const updated = await foldStoredDeltas(tx, deps, workspace, current, now, pages.deltas);
  if (updated.full) {
    await saveVersion(tx, workspace, updated.model, now);
    return { more: true };
  }
  const { observations, ends, full } = await closeDueRewards(tx, deps, { bundle, now, limit: pages.rewards });
  const learned = await foldObservations(tx, workspace, updated.model, observations, now);
  const all = [...ends, ...learned.ends];
  if (all.length > 0) await closeRewards(tx, all);
  await saveVersion(tx, workspace, learned.model, now);
  await deps.failpoint?.('learning', workspace);
  return { more: full };
}

/** Writes the next version, if the model changed or is due for a refresh. */
async function saveVersion(tx: Tx, workspace: string, model: CurrentModel, now: Instant): Promise<void> {
  const { snapshot, kinds, foldedTo, newestVersion: newest } = model;
  if (!model.changed && now - snapshot.at < REFRESH) return;
  const { hash: _, ...content } = foldDeltas(snapshot, [], now).snapshot;
  const version = newest + 1;
  const body = { ...sealSnapshot({ ...content, version }), kinds };
  await saveSnapshot(tx, workspace, { foldedTo, body });
  await thinSnapshots(tx, workspace, version);
  await deleteFadedDeltas(tx, workspace, (FADED_HALF_LIVES * snapshot.halfLife) / DAY);
}
