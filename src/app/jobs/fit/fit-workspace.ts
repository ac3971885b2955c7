import { setImmediate as yieldToOthers } from 'node:timers/promises';
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

/** The fit runs for this long before it lets other tasks of the process run. */
const TIME_SLICE = SECOND / 100;

/**
 * Fits the scores of a workspace to its customers' history, once per local day, and starts the sweep that wakes the
 * customers whose dates change. Fit and sweep are written in one transaction under a lock: a day has exactly one fit, even
 * if the worker is killed and the job repeated, or two workers run it at once.
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
  // Today's fit exists; its sweep may still be unfinished.
  if (newest && fittedToday(newest.at))
    return { more: false, sweep: await startSweep(sql, bundle, newest.version) };

  const { buyers, hours } = await gatherBuyers(deps, bundle, now);
  const body = await runInSlices(
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
    if (last && fittedToday(last.at)) return { sweep: await startSweep(tx, bundle, last.version), id: null };
    const id = (last?.version ?? 0) + 1;
    await saveFit(tx, { workspace, version: id, body: { ...body, version: String(id) } });
    const sweep = await startSweep(tx, bundle, id);
    await deps.failpoint?.('fitting', `${workspace}#${id}`);
    return { sweep, id };
  });
  if (saved.id !== null) await deps.failpoint?.('fitted', `${workspace}#${saved.id}`);
  return { more: false, sweep: saved.sweep };
}

/** Starts the sweep of a fit, and returns its id; null if it is already finished. */
async function startSweep(tx: Tx, { workspace, version }: Bundle, fit: number): Promise<string | null> {
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

/** Runs the work in time slices, because a fit takes seconds and must not block decisions in the same process. */
async function runInSlices<Result>(work: Stepwise<Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - since < TIME_SLICE) continue;
    await yieldToOthers();
    since = performance.now();
  }
}
