import proto from '@temporalio/proto';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Activities } from '../activities/index.ts';
import { buildChannelQueue } from '../workflows/identifiers.ts';
import { temporalConfig } from './connection.ts';
import { readPollers } from './pollers.ts';
import { type ChannelQueue, WorkerSet } from './worker.ts';
import { loadWorkflowBundle, type WorkflowBundle } from './workflow-bundle.ts';

export interface WorkersDeps {
  activities: Activities;
  channels: ChannelQueue[];
  taskQueue: string;
  log: Logger;
  /** Called when new workers have replaced the old ones. */
  onRestart(): void;
  /** Instead of this version's own, so that the many workers of a test run don't bundle the sources each. */
  workflowBundle?: WorkflowBundle;
}

/** The workers of a process. */
export interface Workers {
  /** Serves a further channel until the end. */
  addChannel(channel: ChannelQueue): Promise<void>;
  /** Whether any worker, of this process or another, has polled for deliveries of a channel lately. */
  isServed(channelId: string): Promise<boolean>;
  /** Lets running attempts end, and resolves when all have. */
  stop(): Promise<void>;
}

/** How often the connection is checked, and how long an answer may take. */
const CHECK_MS = 1_000;
const ANSWER_MS = 3_000;
const CONNECT_MS = 5_000;
/** After so many checks without an answer the connection counts as dead, and is replaced once a new one can be made. */
const MAX_MISSES = 3;
/** All servers of a cluster know a namespace of which another has taken the name after so long. */
const NAMESPACE_MS = 12_000;
const GRPC_NOT_FOUND = 5;
/** A waiting poll begins anew after a minute, so a worker that was not seen for longer has gone. */
const LONGEST_POLL_MS = 70_000;
const ACTIVITY_QUEUE = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;

/**
 * Starts the workers of this process and keeps them running. A new set of workers takes over when one of them has failed,
 * and when their connection stays silent although the server answers on a new one, which the SDK itself notices only after
 * 45 s. So it does when the namespace was deleted and made again, since polls wait for tasks of the old one for a minute.
 * What ran on the old set may end.
 *
 * @throws when Temporal cannot be reached
 */
export async function keepWorkers(deps: WorkersDeps): Promise<Workers> {
  const { connectionOptions, namespace } = temporalConfig();
  const { activities, taskQueue, log } = deps;
  const workflowBundle = deps.workflowBundle ?? (await loadWorkflowBundle(Runtime.instance().logger));
  const channels = [...deps.channels];
  const retired: Promise<void>[] = [];
  let misses = 0;
  let stopped = false;

  const start = async () => {
    const health = { failed: false };
    const onFailure = (error: unknown) => {
      log.error({ err: error }, 'a worker failed');
      health.failed = true;
    };
    const connection = await connect(connectionOptions);
    const namespaceId = await readNamespaceId(connection, namespace);
    const set = await WorkerSet.start(connection, channels, {
      namespace,
      activities,
      taskQueue,
      workflowBundle,
      onFailure,
    });
    return { set, health, namespaceId };
  };
  let current = await start();
  let renamedAt: number | null = null;

  const check = async () => {
    if (stopped) return;
    const isDead = () => current.health.failed || misses >= MAX_MISSES;
    if (!isDead()) {
      const namespaceId = await readNamespaceId(current.set.connection, namespace);
      misses = namespaceId === null ? misses + 1 : 0;
      current.namespaceId ??= namespaceId;
      if (namespaceId !== null && namespaceId !== current.namespaceId) renamedAt ??= Date.now();
      if (renamedAt !== null && Date.now() - renamedAt >= NAMESPACE_MS) current.health.failed = true;
    }
    if (stopped || !isDead()) return;
    const previous = current;
    current = await start();
    misses = 0;
    renamedAt = null;
    log.warn('the workers have started anew');
    deps.onRestart();
    retired.push(previous.set.stop());
  };
  // One after the other, so that no new set lacks a channel.
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<void>) => {
    const done = queue.then(work);
    queue = done.catch(() => {});
    return done;
  };
  const timer = setInterval(() => {
    enqueue(check).catch((error) => log.warn({ err: error }, 'the workers can’t start anew yet'));
  }, CHECK_MS);

  return {
    addChannel: (channel) =>
      enqueue(async () => {
        await current.set.addChannel(channel);
        channels.push(channel);
      }),
    async isServed(channelId) {
      const { seenMs } = await readPollers(
        current.set.connection.workflowService,
        namespace,
        buildChannelQueue(taskQueue, channelId),
        ACTIVITY_QUEUE,
      );
      return seenMs !== null && seenMs < LONGEST_POLL_MS;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await queue;
      await Promise.all([...retired, current.set.stop()]);
    },
  };
}

/** Id of the namespace of this name; empty: there is none; null: no answer. */
async function readNamespaceId(connection: NativeConnection, namespace: string): Promise<string | null> {
  try {
    const { namespaceInfo } = await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return namespaceInfo?.id ?? '';
  } catch (error) {
    return (error as { code?: number }).code === GRPC_NOT_FOUND ? '' : null;
  }
}

/** Makes a connection, or gives up: where nothing answers, the SDK would wait for minutes. */
function connect(options: Parameters<typeof NativeConnection.connect>[0]): Promise<NativeConnection> {
  const connecting = NativeConnection.connect(options);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error('Temporal does not answer'));
      connecting.then((connection) => connection.close()).catch(() => {});
    }, CONNECT_MS);
    connecting.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
