import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate.ts';
import { removeCluster, startPostgres } from '../../src/dev/postgres/start.ts';
import { recordProcess } from '../../src/dev/processes/records.ts';
import { startTemporalServer } from '../../src/dev/temporal/start.ts';
import { RUN_PREFIX, removeAbandonedRuns } from './abandoned-runs.ts';

const TEMPLATE = 'throughline_template';

/** What every test file can `inject()`. */
declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL: test files make databases of their own from the template. */
    databaseUrl: string;
    templateDatabase: string;
    temporalAddress: string;
    /** The bundled workflow code, for `workflowBundle: { codePath }`. */
    workflowBundlePath: string;
  }
}

/** Starts the servers that all test files share. Returns the function that stops them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => console.log(`test set-up: ${line}`);
  await removeAbandonedRuns(log);
  const dir = mkdtempSync(path.join(tmpdir(), RUN_PREFIX));
  // Under root, Postgres runs as another user, who must be able to enter its folder below.
  chmodSync(dir, 0o711);
  recordProcess(path.join(dir, 'run.json'), 'vitest', process.pid);
  const dataDir = path.join(dir, 'postgres');
  const stops: (() => void | Promise<void>)[] = [() => rmSync(dir, { recursive: true, force: true })];
  const teardown = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const database = await startPostgres({ dataDir, fast: true, log });
    stops.push(async () => {
      await database.stop();
      removeCluster(dataDir);
    });
    const temporal = await startTemporalServer({ dir: path.join(dir, 'temporal'), persist: false, log });
    stops.push(temporal.stop);
    await makeTemplate(database.url);
    project.provide('databaseUrl', database.url);
    project.provide('templateDatabase', TEMPLATE);
    project.provide('temporalAddress', temporal.address);
    project.provide('workflowBundlePath', await bundleWorkflows(dir));
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

async function makeTemplate(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`drop database if exists ${TEMPLATE} with (force)`);
    await sql.unsafe(`create database ${TEMPLATE}`);
  } finally {
    await sql.end();
  }
  const url = new URL(databaseUrl);
  url.pathname = `/${TEMPLATE}`;
  await migrate(url.href);
}

async function bundleWorkflows(dir: string): Promise<string> {
  const source = (file: string) => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath: source('workflows/index.ts'),
    payloadConverterPath: source('temporal/payload-converter.cjs'),
    // webpack's report of what it bundled is a page long.
    logger: new DefaultLogger('WARN'),
  });
  const file = path.join(dir, 'workflow-bundle.js');
  writeFileSync(file, code);
  return file;
}
