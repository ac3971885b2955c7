import type { Tx } from '../../../db/client.ts';
import { dropFaded } from '../../../db/queries/model-deltas.ts';
import { lockLearning, saveSnapshot, thinSnapshots } from '../../../db/queries/models.ts';
import { endRewards } from '../../../db/queries/rewards-due.ts';
import { readConfigVersion } from '../../../db/queries/view-config.ts';
import { fold } from '../../decisioning/learning/fold.ts';
import { seal } from '../../decisioning/learning/model.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import { catchUp, FADED } from '../learning/catch-up.ts';
import { closeDue } from '../learning/close-due.ts';
import { learnFrom } from '../learning/learn.ts';
import { type Model, modelNow } from '../learning/model-now.ts';
import type { JobDeps, JobProgress, JobRequest } from './job.ts';

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
  const found = await modelNow(tx, deps, bundle, now);
  const caught = await catchUp(tx, deps, workspace, found, now, pages.deltas);
  if (caught.full) {
    await save(tx, workspace, caught.model, now);
    return { more: true };
  }
  const { known, ends, full } = await closeDue(tx, deps, { bundle, now, limit: pages.rewards });
  const learned = await learnFrom(tx, workspace, caught.model, known, now);
  const all = [...ends, ...learned.ends];
  if (all.length > 0) await endRewards(tx, all);
  await save(tx, workspace, learned.model, now);
  await deps.failpoint?.('learning', workspace);
  return { more: full };
}

/** Writes the next version, if anything is new. */
async function save(tx: Tx, workspace: string, model: Model, now: Instant): Promise<void> {
  const { snapshot, kinds, foldedTo, newest } = model;
  if (!model.changed && now - snapshot.at < REFRESH) return;
  const { hash: _, ...content } = fold(snapshot, [], now).snapshot;
  const version = newest + 1;
  const body = { ...seal({ ...content, version }), kinds };
  await saveSnapshot(tx, workspace, { foldedTo, body });
  await thinSnapshots(tx, workspace, version);
  await dropFaded(tx, workspace, (FADED * snapshot.halfLife) / DAY);
}
