import { randomBytes } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { inject } from 'vitest';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { acceptOrSplit } from '../../src/app/intake/batcher.ts';
import type { IncomingEvent, Receipt } from '../../src/app/intake/incoming-event.ts';
import { readConfig } from '../../src/config.ts';
import { type Mailbox, startMailbox } from '../../src/dev/mailbox/start.ts';
import { startRelay } from '../../src/service/relay.ts';
import { openService, type Service } from '../../src/service/service.ts';
import { startWorker, type WorkerOverrides } from '../../src/service/worker.ts';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { createJourneyClient } from '../../src/temporal/journey-client.ts';
import { advanceClock } from '../../src/testing/clock.ts';
import { fetchHistory, replayHistory } from '../../src/testing/replay.ts';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import type { JourneyInput } from '../../src/workflows/messages.ts';
import { type BundleFile, readBundleDir } from './bundles.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { inlineCompiler } from './inline-compiler.ts';
import { AROMA } from './paths.ts';
import { waitUntil } from './wait-until.ts';

export { waitUntil };

Runtime.install({
  logger: new DefaultLogger((process.env.TEST_LOG ?? 'ERROR').toUpperCase() as 'ERROR'),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

export const WORKSPACE = 'aroma';
/** Webhook channels that are configured beside e-mail. Their messages arrive in the mailbox. */
const WEBHOOKS = ['sms', 'push'];
const GRPC_NOT_FOUND = 5;

export interface TestSystemOptions extends WorkerOverrides {
  /** Changes the example's files before they are applied. */
  files?: (files: BundleFile[]) => BundleFile[];
  /** Further workspaces, by id, with the files to apply there. */
  workspaces?: Record<string, () => Promise<BundleFile[]> | BundleFile[]>;
  mailbox?: Parameters<typeof startMailbox>[0];
  worker?: boolean;
  relay?: boolean;
  rolloverAt?: number;
  /** Where the files of the database are. */
  tablespace?: string;
  /** A Temporal of the file's own; by default all files share one. */
  temporalAddress?: string;
  /** Further variables of the configuration, or other values. */
  env?: Record<string, string | undefined>;
}

export type TestEvent = Partial<IncomingEvent> & { name: string };

/** A running Throughline for one test file: a database, a task queue and a mailbox of its own, on shared servers. */
export interface TestSystem {
  db: TestDatabase;
  service: Service;
  client: Client;
  mailbox: Mailbox;
  /** Applies the example bundle, changed by `files`. Returns the version. */
  applyExample(files?: (files: BundleFile[]) => BundleFile[]): Promise<number>;
  /** Applies these files to a workspace. Returns the version. */
  applyFiles(workspace: string, files: BundleFile[]): Promise<number>;
  /** Accepts events, as the API does after parsing them. */
  accept(...events: TestEvent[]): Promise<Receipt[]>;
  findCustomerId(userId: string, workspace?: string): Promise<string>;
  getWorkflowHandle(customerId: string, workspace?: string): WorkflowHandle;
  advanceTime(customerId: string, ms: number): Promise<void>;
  /** Waits until the log is processed and no effect is under way. */
  waitUntilSettled(customerId: string): Promise<void>;
  /** Replays the customers' histories on the current code. `stop` does it for the journeys of the whole file. */
  replayHistories(...customerIds: string[]): Promise<void>;
  startWorker(overrides?: WorkerOverrides): Promise<{ stop(): Promise<void> }>;
  stop(): Promise<void>;
}

export async function startTestSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
  const temporalAddress = options.temporalAddress ?? inject('temporalAddress');
  process.env.TEMPORAL_ADDRESS = temporalAddress;
  const db = await createTestDatabase(options.tablespace ? { tablespace: options.tablespace } : {});
  const mailbox = await startMailbox(options.mailbox);
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const config = readConfig({
    DATABASE_URL: db.url,
    SMTP_URL: mailbox.smtpUrl,
    TASK_QUEUE: taskQueue,
    THROUGHLINE_SECRET: 'a secret for the tests only',
    CHANNELS: JSON.stringify(
      Object.fromEntries(
        WEBHOOKS.map((id) => [id, { url: mailbox.channelUrl(id), secret: 'a secret for the tests only' }]),
      ),
    ),
    OUTBOUND_ALLOW: '127.0.0.1',
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    PORT: '0',
    ...options.env,
  });
  const service = openService(config, 'test');
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } });
  const input: Partial<JourneyInput> = options.rolloverAt ? { rolloverAt: options.rolloverAt } : {};
  service.journeys = createJourneyClient(client, taskQueue, input);
  const running: { stop(): Promise<void> }[] = [];
  const workflowBundle = { codePath: inject('workflowBundlePath') };

  const intake = { db: db.db, bundles: service.bundles, secret: config.secret };

  const system: TestSystem = {
    db,
    service,
    client,
    mailbox,
    applyExample: async (change = (files) => files) =>
      system.applyFiles(WORKSPACE, change(await readBundleDir(AROMA))),
    async applyFiles(workspace, files) {
      const activation = await activateBundle({ db: db.db, compiler: inlineCompiler }, workspace, files);
      if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
      return activation.version;
    },
    accept: (...events) => acceptOrSplit(intake, events.map(toIncomingEvent)),
    async findCustomerId(userId, workspace = WORKSPACE) {
      const [row] = await db.db.sql`
        select customer_id as id from identities where workspace = ${workspace} and type = 'user' and value = ${userId}`;
      return row?.id as string;
    },
    getWorkflowHandle: (customerId, workspace = WORKSPACE) =>
      client.workflow.getHandle(buildWorkflowId(workspace, customerId)),
    async advanceTime(customerId, ms) {
      await system.waitUntilSettled(customerId);
      await advanceClock(client, await findWorkflowId(db, customerId), ms);
      await system.waitUntilSettled(customerId);
    },
    waitUntilSettled: (customerId) =>
      waitUntil(async () => {
        const [row] = await db.db.sql`
          select w.requested_seq <= w.processed_seq and c.seq <= w.processed_seq as taken,
            (select count(*) from deliveries d where d.customer_id = c.id and d.state in ('planned', 'sending') and d.at <= j.last_now) as effects,
            (select count(*) from agent_tasks t where t.customer_id = c.id and t.state = 'planned') as tasks
          from customers c join wakes w on w.customer_id = c.id left join journeys j on j.customer_id = c.id
          where c.id = ${customerId}`;
        return row?.taken === true && Number(row.effects) === 0 && Number(row.tasks) === 0;
      }, `customer ${customerId} to settle`),
    async replayHistories(...customerIds) {
      for (const customerId of customerIds) {
        const workflowId = await findWorkflowId(db, customerId);
        const history = await fetchHistory(client, workflowId).catch(ignoreMissing);
        if (history) await replayHistory(history, { bundle: workflowBundle, workflowId });
      }
    },
    async startWorker(overrides = {}) {
      const worker = await startWorker(service, { ...options, ...overrides, workflowBundle });
      running.push(worker);
      return worker;
    },
    async stop() {
      try {
        for (const role of running.reverse()) await role.stop();
        const ids = await db.db.sql`select customer_id as id from journeys order by updated_at desc limit 20`;
        await system.replayHistories(...ids.map((row) => row.id));
      } finally {
        await terminateAll(client, db);
        await service.close();
        await connection.close();
        await mailbox.stop();
        await db.drop();
      }
    },
  };
  await system.applyExample(options.files);
  for (const [workspace, files] of Object.entries(options.workspaces ?? {}))
    await system.applyFiles(workspace, await files());
  if (options.worker !== false) await system.startWorker();
  // All test files share Temporal, and schedules are named after the workspace: a test of schedules creates its own.
  if (options.relay !== false) running.push(await startRelay(service, { schedules: false }));
  return system;
}

/** A journey without a workflow was decided by calling the activity directly. */
function ignoreMissing(error: Error & { code?: number }): null {
  if (error.name === 'WorkflowNotFoundError' || error.code === GRPC_NOT_FOUND) return null;
  throw error;
}

/** Journeys do not end by themselves, and must not run beside those of the next test file. */
async function terminateAll(client: Client, { db }: TestDatabase): Promise<void> {
  for (const { id, workspace } of await db.sql`select customer_id as id, workspace from journeys`) {
    await client.workflow
      .getHandle(buildWorkflowId(workspace, id))
      .terminate('the test is over')
      .catch(() => {});
  }
}

async function findWorkflowId({ db }: TestDatabase, customerId: string): Promise<string> {
  const [row] = await db.sql`select workspace from customers where id = ${customerId}`;
  return buildWorkflowId(row?.workspace ?? WORKSPACE, customerId);
}

let counter = 0;

function toIncomingEvent(event: TestEvent): IncomingEvent {
  return {
    workspace: WORKSPACE,
    messageId: `m-${process.pid}-${counter++}`,
    type: 'track',
    at: Date.now(),
    historical: false,
    source: 'test',
    properties: {},
    traits: {},
    context: {},
    ...event,
  };
}

/** The actions that were sent to a customer, oldest first. */
export async function findSentActions(system: TestSystem, customerId: string): Promise<string[]> {
  const rows = await system.db.db.sql`
    select action from deliveries where customer_id = ${customerId} and state = 'sent' order by at, updated_at`;
  return rows.map((row) => row.action);
}
