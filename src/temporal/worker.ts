import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { Channel } from '../channels/channel.ts';
import { buildChannelQueue } from '../workflows/identifiers.ts';
import { PAYLOAD_CONVERTER, temporalConfig } from './connection.ts';

export interface WorkersDeps {
  activities: Activities;
  channels: Channel[];
  taskQueue: string;
  /** A prebuilt workflow bundle, so that the many workers of a test run don't build one each. */
  workflowBundle?: { codePath: string };
}

/** Longer than every activity's time-out, so that a restart lets running attempts end. */
const GRACE = { shutdownGraceTime: '26s', shutdownForceTime: '40s' } as const;

/** The default number leaves tasks waiting while the machine idles, and autoscaling is at its lowest when a burst begins. */
const POLLS = { type: 'simple-maximum', maximum: 20 } as const;

/** Creates one worker for workflows, decisions and tasks, and one per channel with its own slots. */
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
      // Half of the polls serve customers that aren't cached: a burst of new ones must not wait behind one poll.
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
