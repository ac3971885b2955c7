import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import type { Channel } from '../channels/channel.ts';
import { buildChannelQueue } from '../workflows/identifiers.ts';
import { PAYLOAD_CONVERTER } from './connection.ts';

/** What a worker needs of a channel. */
export type ChannelQueue = Pick<Channel, 'id' | 'concurrency' | 'rate'>;

export interface WorkerSetDeps {
  namespace: string;
  activities: Activities;
  taskQueue: string;
  workflowBundle: NonNullable<WorkerOptions['workflowBundle']>;
  /** Called for each worker that ends by a failure. */
  onFailure(error: unknown): void;
}

/** Longer than every activity's time-out, so that a restart lets running attempts end. */
const GRACE = { shutdownGraceTime: '26s', shutdownForceTime: '40s' } as const;

/** The default number leaves tasks waiting while the machine idles, and autoscaling is at its lowest when a burst begins. */
const POLLS = { type: 'simple-maximum', maximum: 20 } as const;

/** Running workers that share a connection: one for workflows, decisions and tasks, and one per channel with its own slots. */
export class WorkerSet {
  readonly connection: NativeConnection;
  private readonly deps: WorkerSetDeps;
  private readonly running: { worker: Worker; ended: Promise<void> }[] = [];

  private constructor(connection: NativeConnection, deps: WorkerSetDeps) {
    this.connection = connection;
    this.deps = deps;
  }

  /** Starts the workers. The set closes the connection in the end, also if it can't start. */
  static async start(
    connection: NativeConnection,
    channels: ChannelQueue[],
    deps: WorkerSetDeps,
  ): Promise<WorkerSet> {
    const set = new WorkerSet(connection, deps);
    const { deliver: _, ...activities } = deps.activities;
    try {
      await set.add({
        workflowBundle: deps.workflowBundle,
        taskQueue: deps.taskQueue,
        activities,
        maxConcurrentWorkflowTaskExecutions: 40,
        // Half of the polls serve customers that aren't cached: a burst of new ones must not wait behind one poll.
        nonStickyToStickyPollRatio: 0.5,
        maxConcurrentLocalActivityExecutions: 20,
        maxCachedWorkflows: 2_000,
        workflowTaskPollerBehavior: POLLS,
      });
      for (const channel of channels) await set.addChannel(channel);
    } catch (error) {
      await set.stop();
      throw error;
    }
    return set;
  }

  addChannel({ id, concurrency, rate }: ChannelQueue): Promise<void> {
    return this.add({
      taskQueue: buildChannelQueue(this.deps.taskQueue, id),
      activities: { deliver: this.deps.activities.deliver },
      maxConcurrentActivityTaskExecutions: concurrency,
      // Temporal's server enforces it over all workers of the queue.
      ...(rate ? { maxTaskQueueActivitiesPerSecond: rate } : {}),
    });
  }

  /** Lets running attempts end, and closes the connection. */
  async stop(): Promise<void> {
    for (const { worker } of this.running) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(this.running.map(({ ended }) => ended));
    await this.connection.close().catch(() => {});
  }

  private async add(options: Partial<WorkerOptions> & Pick<WorkerOptions, 'taskQueue'>): Promise<void> {
    const worker = await Worker.create({
      connection: this.connection,
      namespace: this.deps.namespace,
      dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER },
      ...GRACE,
      activityTaskPollerBehavior: POLLS,
      ...options,
    });
    this.running.push({ worker, ended: worker.run().catch(this.deps.onFailure) });
  }
}
