import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { Channel } from '../channels/channel.ts';
import { PAYLOAD_CONVERTER, temporalConfig } from './connection.ts';
import { buildChannelQueue } from './identifiers.ts';

export interface WorkersDeps {
  activities: Activities;
  channels: Channel[];
  taskQueue: string;
  /** A bundle made before, so that many workers of a test needn't make one each. */
  workflowBundle?: { codePath: string };
}

/** Both longer than any activity's own time-out, so that a restart lets attempts end. */
const GRACE = { shutdownGraceTime: '26s', shutdownForceTime: '40s' } as const;

/** With the few by default, tasks lie waiting while the machine idles; autoscaled ones are scaled down when a burst begins. */
const POLLS = { type: 'simple-maximum', maximum: 20 } as const;

/** One worker for workflows, decisions and tasks; one for each channel, with slots of its own. */
export async function createWorkers(deps: WorkersDeps): Promise<{ run(): Promise<void>; shutdown(): void }> {
  const { connectionOptions, namespace } = temporalConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const common = {
    connection,
    namespace,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER },
    ...GRACE,
  };
  const { deliver, ...activities } = deps.activities;
  const workers = [
    await Worker.create({
      ...common,
      ...(deps.workflowBundle ? { workflowBundle: deps.workflowBundle } : { workflowsPath: WORKFLOWS }),
      taskQueue: deps.taskQueue,
      activities,
      maxConcurrentWorkflowTaskExecutions: 40,
      // Half of the polls for customers who aren't in the cache: a burst of new ones must not wait behind one poll.
      nonStickyToStickyPollRatio: 0.5,
      maxConcurrentLocalActivityExecutions: 20,
      maxCachedWorkflows: 2_000,
      workflowTaskPollerBehavior: POLLS,
      activityTaskPollerBehavior: POLLS,
    } satisfies WorkerOptions),
  ];
  for (const channel of deps.channels) {
    workers.push(
      await Worker.create({
        ...common,
        taskQueue: buildChannelQueue(deps.taskQueue, channel.id),
        activities: { deliver },
        maxConcurrentActivityTaskExecutions: channel.concurrency,
        activityTaskPollerBehavior: POLLS,
      }),
    );
  }
  return {
    async run() {
      await Promise.all(workers.map((worker) => worker.run()));
      await connection.close();
    },
    shutdown() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

export const WORKFLOWS = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
