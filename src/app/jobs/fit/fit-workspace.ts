import { setImmediate as breathe } from 'node:timers/promises';
import type { Tx } from '../../../../db/client.ts';
import { readConfigVersion } from '../../../../db/config/active-bundle.ts';
import { lockFits, readNewestFit, saveFit } from '../../../../db/learning/score-fits.ts';
import { beginSweep } from '../../../../db/sweeps/sweeps.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { SECOND } from '../../../domain/time/time.ts';
import { localDay } from '../../../domain/time/zone.ts';
import { fitScoresStepwise } from '../../../learning/scores/fit-scores.ts';
import { buildThermometerSettings } from '../../../learning/scores/thermometer.ts';
import type { Stepwise } from '../../../maths/stepwise.ts';
import type { JobDeps, JobProgress, JobRequest } from '../job.ts';
import { gatherBuyers } from './gather-buyers.ts';

/** For so long a night keeps the process to itself, then others decide. */
const STRETCH = SECOND / 100;

/**
 * Fits the scores of a workspace to what its customers have done so far, once per local day, and begins the sweep that
 * tells those whose dates it moves. Fit and sweep are one commit under a lock: killed anywhere and tried again, or done
 * by two workers at once, a day has one fit.
 */
export async function fitWorkspace(deps: JobDeps, { workspace, now }: JobRequest): Promise<JobProgress> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  if (version === 0) return { more: false };
  const bundle = await deps.bundles(sql, workspace, version);
  const { timezone, currency, worth } = bundle.workspace;
  const zone = deps.zones(timezone, timezone, now);
  const newest = await readNewestFit(sql, workspace);
  const fittedToday = (at: number) => localDay(zone, at) >= localDay(zone, now);
  // What was begun and not told to anybody is told now.
  if (newest && fittedToday(newest.at))
    return { more: false, sweep: await begin(sql, bundle, newest.version) };

  const { buyers, hours } = await gatherBuyers(deps, bundle, now);
  const body = await inPieces(
    fitScoresStepwise({
      version: '',
      at: now,
      currency,
      zone,
      customers: buyers,
      hours,
      settings: buildThermometerSettings(worth),
    }),
  );
  const saved = await sql.begin(async (tx) => {
    await lockFits(tx, workspace);
    const last = await readNewestFit(tx, workspace);
    if (last && fittedToday(last.at)) return { sweep: await begin(tx, bundle, last.version), id: null };
    const id = (last?.version ?? 0) + 1;
    await saveFit(tx, { workspace, version: id, body: { ...body, version: String(id) } });
    const sweep = await begin(tx, bundle, id);
    await deps.failpoint?.('fitting', `${workspace}#${id}`);
    return { sweep, id };
  });
  if (saved.id !== null) await deps.failpoint?.('fitted', `${workspace}#${saved.id}`);
  return { more: false, sweep: saved.sweep };
}

/** Null when it is over already. */
async function begin(tx: Tx, { workspace, version }: Bundle, fit: number): Promise<string | null> {
  const { id, done } = await beginSweep(tx, {
    workspace: workspace.id,
    kind: 'fit',
    journey: null,
    entry: null,
    occurrence: String(fit),
    version,
    done: false,
  });
  return done ? null : id;
}

/** Its second or ten of reckoning must not hold up those who decide in this process. */
async function inPieces<Result>(work: Stepwise<Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
    if (performance.now() - since < STRETCH) continue;
    await breathe();
    since = performance.now();
  }
}
