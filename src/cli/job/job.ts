import process from 'node:process';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { type Database, openDatabase } from '../../../db/client.ts';
import { readJobState } from '../../../db/maintenance/job-state.ts';
import { findAllSchedules } from '../../../db/sweeps/schedule-sync.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { readDevFile } from '../../dev/dev-file.ts';
import { JOBS, type Job } from '../../domain/job.ts';
import { temporalConfig } from '../../temporal/connection.ts';
import { triggerJob } from '../../temporal/trigger-job.ts';
import { UserError } from '../../user-error.ts';
import { TASK_QUEUE } from '../../workflows/identifiers.ts';
import { explainDatabaseError, requireSchema } from '../database.ts';
import { describeOutcome } from './describe-outcome.ts';

const CONNECT_MS = 5_000;
/** After this time a hint explains the wait. */
const HINT_AFTER_MS = 20_000;

/** Runs a job of a workspace now, as its schedule would, waits for it, and prints the result in one line. */
export async function jobCommand(name: string, options: { workspace?: string } = {}): Promise<void> {
  const job = parseJob(name);
  const { databaseUrl, connection, namespace } = readServers(process.env);
  const db = openDatabase(databaseUrl, { name: 'throughline-job', max: 1 });
  try {
    await requireSchema(db);
    const workspace = await selectWorkspace(db, options.workspace);
    const before = await readJobState(db.sql, workspace);
    await runNow({ connection, namespace }, workspace, job);
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
  throw new UserError(`there is no job ${name}: use ${JOBS.join(', ')}${suggestName(name, JOBS)}`);
}

interface Servers {
  databaseUrl: string;
  connection: ConnectionOptions;
  namespace: string;
}

/** Reads `DATABASE_URL` and Temporal's own variables. Without them it uses the servers of the running `npm start`. */
function readServers(env: NodeJS.ProcessEnv): Servers {
  const { connectionOptions, namespace } = temporalConfig();
  if (env.DATABASE_URL) return { databaseUrl: env.DATABASE_URL, connection: connectionOptions, namespace };
  const dev = readDevFile();
  if (!dev) throw new UserError('run npm start first, or set DATABASE_URL and TEMPORAL_ADDRESS');
  const { databaseUrl, temporalAddress: address } = dev;
  // A server that ran before npm start has its own settings; the one that npm start starts needs none.
  if (connectionOptions.address === address) return { databaseUrl, connection: connectionOptions, namespace };
  return { databaseUrl, connection: { address }, namespace: 'default' };
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

async function runNow(
  { connection: options, namespace }: Omit<Servers, 'databaseUrl'>,
  workspace: string,
  job: Job,
): Promise<void> {
  const connection = await Connection.connect({ ...options, connectTimeout: CONNECT_MS }).catch(() => {
    throw new UserError(
      `Temporal doesn't answer at ${options.address ?? 'its address'}: run npm start, or set TEMPORAL_ADDRESS`,
    );
  });
  const hint = setTimeout(
    () =>
      console.error(
        'still waiting: check that a worker runs, and that the schedule is not running the job already',
      ),
    HINT_AFTER_MS,
  );
  try {
    const client = new Client({ connection, namespace });
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
