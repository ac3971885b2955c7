import { Client, type Connection } from '@temporalio/client';
import { type Database, openDatabase } from '../../../db/client.ts';
import { readFailingCopies } from '../../../db/cms/read-copies.ts';
import { type BundleCache, createBundleCache } from '../../../db/config/bundle-cache.ts';
import { listWorkspaces } from '../../../db/config/workspaces.ts';
import {
  readLag,
  readParked,
  readPoisonedEnrollments,
  readStandingDeliveries,
} from '../../../db/doctor/lag.ts';
import { detectsTransactionPooling } from '../../../db/doctor/pooler.ts';
import { measureClockSkew, readLargestTables, readServerFacts } from '../../../db/doctor/server.ts';
import { readSchemaVersion } from '../../../db/schema-version.ts';
import { findAllSchedules } from '../../../db/sweeps/schedule-sync.ts';
import { createBundleCompiler, upgradeBundle } from '../../app/config/compiler/bundle-compiler.ts';
import { greetMailServer } from '../../channels/email.ts';
import { type Config, readConfig } from '../../config.ts';
import { judgeClock } from '../../doctor/clock.ts';
import { judgeCms } from '../../doctor/cms.ts';
import { type Finding, fail, ok } from '../../doctor/finding.ts';
import { judgeJourneys } from '../../doctor/journeys.ts';
import { judgeLag } from '../../doctor/lag.ts';
import { judgeMail } from '../../doctor/mail.ts';
import { judgePostgres } from '../../doctor/postgres.ts';
import { judgeQueues } from '../../doctor/queues.ts';
import { judgeSchedules } from '../../doctor/schedules.ts';
import { judgeSchema } from '../../doctor/schema.ts';
import { judgeEnvironmentProblems, judgeSettings } from '../../doctor/settings.ts';
import { judgeSources, type SourceFacts } from '../../doctor/sources.ts';
import { judgeTemporal } from '../../doctor/temporal.ts';
import { judgeWorkspaces, type WorkspaceFacts } from '../../doctor/workspaces.ts';
import { listDeliveryChannels } from '../../service/delivery-channels.ts';
import { readSourcesFile } from '../../service/source-secrets.ts';
import { listJobSchedules, listSweepSchedules } from '../../service/sync-schedules.ts';
import { inspectQueues, inspectTemporal, listScheduleStates } from '../../temporal/inspect.ts';
import { createJourneyListing } from '../../temporal/journey-listing.ts';
import { buildJobScheduleName, buildScheduleName } from '../../temporal/schedules.ts';
import { buildWorkflowId, TASK_QUEUE } from '../../workflows/identifiers.ts';
import { explainDatabaseError } from '../database.ts';
import { connectToTemporal, type TemporalTarget } from '../temporal-target.ts';

/** What a deployment is examined by. */
export interface Deployment {
  databaseUrl: string;
  temporal: TemporalTarget;
  /** The environment of the roles; null: it is that of `npm start`, which is not looked at. */
  env: NodeJS.ProcessEnv | null;
}

/** What the checks of one deployment share. */
interface Examination {
  db: Database;
  bundles: BundleCache;
  config: Config | null;
  taskQueue: string;
  databaseUrl: string;
}

/**
 * Looks at a deployment and changes nothing. Every group of checks is made by itself, so that what does not answer
 * hides nothing else.
 */
export async function examine({ databaseUrl, temporal, env }: Deployment): Promise<Finding[]> {
  const { config, findings } = examineSettings(env);
  const db = openDatabase(databaseUrl, { name: 'throughline-doctor', max: 2 });
  const compiler = createBundleCompiler();
  const bundles = createBundleCache((...bundle) => upgradeBundle(compiler, ...bundle));
  const taskQueue = env?.TASK_QUEUE || TASK_QUEUE;
  const examination = { db, bundles, config, taskQueue, databaseUrl };
  try {
    const postgres = await attempt('postgres', () => examinePostgres(examination));
    const usable = !postgres.some(
      ({ check, level }) => level === 'fail' && ['postgres', 'schema'].includes(check),
    );
    const workspaces = usable ? await readWorkspaces(examination).catch(() => []) : [];
    return [
      ...findings,
      ...postgres,
      ...(usable ? judgeWorkspaces(workspaces, readChannels(config)) : []),
      ...(usable ? judgeSources(readSources(workspaces, config)) : []),
      ...(usable ? await attempt('cms', async () => judgeCms(await readFailingCopies(db.sql))) : []),
      ...(usable ? await attempt('lag', () => examineLag(examination)) : []),
      ...(await attempt('temporal', () => examineTemporal(examination, temporal, workspaces, usable))),
      ...(await examineMail(config)),
    ];
  } finally {
    await Promise.all([compiler.close(), db.close()]);
  }
}

/** The findings of a group, or the one that it can't be looked at. */
async function attempt(check: string, group: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await group();
  } catch (error) {
    const { message } = explainDatabaseError(error) as Error;
    return [fail(check, message, 'correct that first, and run throughline doctor again')];
  }
}

function examineSettings(env: NodeJS.ProcessEnv | null): { config: Config | null; findings: Finding[] } {
  if (env === null)
    return {
      config: null,
      findings: [ok('environment', 'the servers of npm start are looked at, not its settings')],
    };
  try {
    const config = readConfig(env);
    return { config, findings: judgeSettings(config) };
  } catch (error) {
    return { config: null, findings: judgeEnvironmentProblems((error as Error).message) };
  }
}

async function examinePostgres({ db, databaseUrl }: Examination): Promise<Finding[]> {
  const server = await readServerFacts(db.sql);
  const tables = await readLargestTables(db.sql);
  const transactionPooling = await detectsTransactionPooling(databaseUrl);
  return [
    ...judgePostgres({ place: readPlace(databaseUrl), server, tables, transactionPooling }),
    judgeClock(await measureClockSkew(db.sql)),
    judgeSchema(await readSchemaVersion(db.sql)),
  ];
}

function readPlace(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}

/** A workspace, with the sources of its active bundle. */
interface ExaminedWorkspace extends WorkspaceFacts {
  sources: string[];
}

async function readWorkspaces({ db, bundles }: Examination): Promise<ExaminedWorkspace[]> {
  const workspaces: ExaminedWorkspace[] = [];
  for (const { id, version, keys } of await listWorkspaces(db.sql)) {
    const bundle = version === 0 ? null : await bundles(db.sql, id, version);
    const channels = bundle ? listDeliveryChannels(bundle) : [];
    const sources = bundle?.sources?.map((source) => source.id) ?? [];
    workspaces.push({ id, version, keys, channels, sources });
  }
  return workspaces;
}

function readSources(workspaces: readonly ExaminedWorkspace[], config: Config | null): SourceFacts {
  const declared = workspaces.flatMap(({ id: workspace, sources }) =>
    sources.map((id) => ({ workspace, id })),
  );
  if (config === null) return { declared, configured: null, fileProblem: null };
  try {
    const fromFile = config.sourcesFile === null ? {} : readSourcesFile(config.sourcesFile);
    const configured = Object.entries({ ...config.sources, ...fromFile });
    return {
      declared,
      configured: configured.map(([id, { workspace }]) => ({ workspace, id })),
      fileProblem: null,
    };
  } catch (error) {
    return { declared, configured: null, fileProblem: (error as Error).message };
  }
}

function readChannels(config: Config | null) {
  return config && Object.keys(config.channels);
}

async function examineLag({ db }: Examination): Promise<Finding[]> {
  return judgeLag(await readLag(db.sql), await readStandingDeliveries(db.sql));
}

async function examineTemporal(
  examination: Examination,
  target: TemporalTarget,
  workspaces: readonly WorkspaceFacts[],
  isDatabaseUsable: boolean,
): Promise<Finding[]> {
  const connection: Connection = await connectToTemporal(target);
  try {
    const client = new Client({ connection, namespace: target.namespace });
    const { taskQueue, config } = examination;
    const facts = await inspectTemporal(
      client,
      target.connection.address ?? 'its default address',
      taskQueue,
    );
    const findings = judgeTemporal(facts);
    if (!facts.namespaceFound) return findings;
    const channels = new Set([
      'email',
      ...Object.keys(config?.channels ?? {}),
      ...workspaces.flatMap((workspace) => workspace.channels),
    ]);
    const queues = judgeQueues(await inspectQueues(client, taskQueue, [...channels].sort()));
    if (!isDatabaseUsable) return [...findings, ...queues];
    return [
      ...findings,
      ...queues,
      ...(await attempt('schedules', () => examineSchedules(examination, client))),
      ...(await attempt('journeys', () => examineJourneys(examination, client))),
    ];
  } finally {
    await connection.close();
  }
}

async function examineSchedules({ db, bundles, taskQueue }: Examination, client: Client): Promise<Finding[]> {
  const required: string[] = [];
  const unsynced: string[] = [];
  for (const { workspace, version, syncedVersion } of await findAllSchedules(db.sql)) {
    const bundle = await bundles(db.sql, workspace, version);
    required.push(
      ...listSweepSchedules(bundle).map(buildScheduleName),
      ...listJobSchedules(bundle).map(buildJobScheduleName),
    );
    if (syncedVersion < version) unsynced.push(workspace);
  }
  return judgeSchedules({ required, unsynced, existing: await listScheduleStates(client, taskQueue) });
}

async function examineJourneys({ db, taskQueue }: Examination, client: Client): Promise<Finding[]> {
  const stuck = await createJourneyListing(client, taskQueue).findStuck();
  return judgeJourneys({
    stuck: stuck.map(({ workspace, customerId }) => buildWorkflowId(workspace, customerId)),
    parked: await readParked(db.sql),
    poisoned: await readPoisonedEnrollments(db.sql),
  });
}

async function examineMail(config: Config | null): Promise<Finding[]> {
  const email = config?.channels.email;
  const url = email?.kind === 'smtp' ? email.url : undefined;
  if (typeof url !== 'string') return [];
  const problem = await greetMailServer(url);
  return [judgeMail({ server: new URL(url).host, problem: problem?.message ?? null })];
}
