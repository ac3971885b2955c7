import { type Client, WorkflowIdReusePolicy } from '@temporalio/client';
import { runInParallel } from '../http-sender.ts';
import type { Servers } from '../servers.ts';
import type { Stops } from '../stops.ts';
import type { FloorMessage } from './activities.ts';
import { startFloorProcess } from './child-process.ts';
import { eventSignal, floorLoop } from './workflows.ts';

/** The number of signals in flight, as in the relay. */
const WIDTH = 40;
const TASK_QUEUE = 'bench-bare';

/** The floor's workflows: one per customer number, of either kind. */
export interface FloorLoops {
  /** Starts workflows for the numbers below `count`. */
  start(kind: 'normal' | 'local', count: number): Promise<void>;
  /** Signals an event to each of these workflows. Resolves when they have the results of all activities. */
  run(numbers: number[]): Promise<void>;
  /** Signals one event. Resolves with the time at which its local activity ran. */
  signal(number: number): Promise<number>;
}

export async function startFloorLoops(client: Client, servers: Servers, stops: Stops): Promise<FloorLoops> {
  const env = {
    TASK_QUEUE,
    TEMPORAL_ADDRESS: servers.temporal.address,
    TEMPORAL_NAMESPACE: servers.temporal.namespace,
  };
  const child = startFloorProcess<object, FloorMessage | { ready: true }>('worker.ts', env, stops);
  await child.waitForMessage((message) => 'ready' in message);
  const waiting = new Map<string, (at: number) => void>();
  child.onMessage((message) => {
    if (!('id' in message)) return;
    const key = `${message.kind} ${message.id}`;
    waiting.get(key)?.(message.at);
    waiting.delete(key);
  });
  let counter = 0;
  const signalTo = async (workflowId: string, until: FloorMessage['kind'], all: Promise<number>[]) => {
    const id = `${counter++}`;
    all.push(new Promise((resolve) => waiting.set(`${until} ${id}`, resolve)));
    await client.workflow.getHandle(workflowId).signal(eventSignal, id);
  };
  return {
    async start(kind, count) {
      await runInParallel([...Array(count).keys()], WIDTH, async (number) => {
        await client.workflow.start(floorLoop, {
          workflowId: `bare/${kind}/${number}`,
          workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
          taskQueue: TASK_QUEUE,
          args: [kind],
        });
      });
    },
    async run(numbers) {
      const all: Promise<number>[] = [];
      await runInParallel(numbers, WIDTH, (number) => signalTo(`bare/normal/${number}`, 'finished', all));
      await Promise.all(all);
    },
    async signal(number) {
      const all: Promise<number>[] = [];
      await signalTo(`bare/local/${number}`, 'ran', all);
      return all[0] as Promise<number>;
    },
  };
}
