import process from 'node:process';
import { Client } from '@temporalio/client';
import { type Database, openDatabase } from '../../../db/client.ts';
import { readJobState } from '../../../db/maintenance/job-state.ts';
import { requestRecount } from '../../../db/reports/counts/counts.ts';
import { findAllSchedules } from '../../../db/sweeps/schedule-sync.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { readDevFile } from '../../dev/dev-file.ts';
import { JOBS, type Job } from '../../domain/job.ts';
import { triggerJob } from '../../temporal/trigger-job.ts';
import { UserError } from '../../user-error.ts';
import { TASK_QUEUE } from '../../workflows/identifiers.ts';
import { explainDatabaseError, requireSchema } from '../database.ts';
import { connectToTemporal, readTemporalTarget, type TemporalTarget } from '../temporal-target.ts';
import { describeOutcome } from './describe-outcome.ts';
import { retainCommand } from './retain.ts';

/** After this time a hint explains the wait. */
const HINT_AFTER_MS = 20_000;

/** Runs a job of a workspace now, as its schedule would, waits for it, and prints the result in one line. */
export async function jobCommand(
  name: string,
  options: { workspace?: string; dryRun?: boolean; recount?: boolean } = {},
): Promise<void> {
  if (name === 'retain') return retainCommand(readServers(process.env).databaseUrl, options);
  const job = parseJob(name);
  if (options.recount && job !== 'count') throw new UserError('--recount is an option of the job count');
  const { databaseUrl, temporal } = readServers(process.env);
  const db = openDatabase(databaseUrl, { name: 'throughline-job', max: 1 });
  try {
    await requireSchema(db);
    const workspace = await selectWorkspace(db, options.workspace);
    if (options.recount) await requestRecount(db.sql, workspace);
    const before = await readJobState(db.sql, workspace);
    await runNow(temporal, workspace, job);
    console.log(describeOutcome(job, before, await readJobState(db.sql, workspace)));
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await db.close();
  }
}

function parseJob(name: string): Job {
  const job = JOBS.find((candidate) => candidate === name);
  if (job) return job;
  const names = [...JOBS, 'retain'];
  throw new UserError(`there is no job ${name}: use ${names.join(', ')}${suggestName(name, names)}`);
}

interface Servers {
  databaseUrl: string;
  temporal: TemporalTarget;
}

/** Reads `DATABASE_URL` and Temporal's own variables. Without them it uses the servers of the running `npm start`. */
function readServers(env: NodeJS.ProcessEnv): Servers {
  if (env.DATABASE_URL) return { databaseUrl: env.DATABASE_URL, temporal: readTemporalTarget() };
  const dev = readDevFile();
  if (!dev) throw new UserError('run npm start first, or set DATABASE_URL and TEMPORAL_ADDRESS');
  return { databaseUrl: dev.databaseUrl, temporal: readTemporalTarget(dev) };
}

async function selectWorkspace({ sql }: Database, requested: string | undefined): Promise<string> {
  const ids = (await findAllSchedules(sql)).map(({ workspace }) => workspace).sort();
  const [only] = ids;
  if (only === undefined) throw new UserError('there is no workspace with a bundle yet: apply one first');
  if (requested === undefined) {
    if (ids.length === 1) return only;
    throw new UserError(`there are several workspaces: add --workspace with one of ${ids.join(', ')}`);
  }
  if (ids.includes(requested)) return requested;
  throw new UserError(`there is no workspace ${requested} with a bundle: use ${ids.join(', ')}`);
}

async function runNow(temporal: TemporalTarget, workspace: string, job: Job): Promise<void> {
  const connection = await connectToTemporal(temporal);
  const hint = setTimeout(
    () =>
      console.error(
        'still waiting: check that a worker runs, and that the schedule is not running the job already',
      ),
    HINT_AFTER_MS,
  );
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    await triggerJob(client, process.env.TASK_QUEUE || TASK_QUEUE, { workspace, job });
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === 'ScheduleNotFoundError')
      throw new UserError(
        `there is no schedule for ${job} of ${workspace}: the relay creates it within seconds after a bundle was applied: check that the relay runs`,
      );
    if (name === 'WorkflowFailedError')
      throw new UserError(`the job ${job} failed: ${(cause as Error | undefined)?.message ?? message}`);
    throw error;
  } finally {
    clearTimeout(hint);
    await connection.close();
  }
}
