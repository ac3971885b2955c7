import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildWorkflowId } from '../../../src/workflows/identifiers.ts';
import { WORKSPACE } from '../stage.ts';
import type { Fault, FaultContext } from './fault.ts';

const SECOND = 1_000;
const VICTIMS = 10;
/** So short that a run continues as new every few events. */
const ROLLOVER_AT = 25;

/** Workflow ids of some of the customers. */
async function pickWorkflows({ stage: { sql }, random, people }: FaultContext): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select customer_id as id from identities where type = 'user' and value = any(${people.map(({ userId }) => userId)})`;
  return random
    .shuffle(rows.map(({ id }) => id).sort())
    .slice(0, VICTIMS)
    .map((id) => buildWorkflowId(WORKSPACE, id));
}

/** Faults of single workflows. */
export const workflowFaults: Fault[] = [
  {
    kind: 'workflows terminated',
    number: '21',
    tries: 2,
    spreadMs: 12 * SECOND,
    async inject(context) {
      for (const id of await pickWorkflows(context))
        await context.stage.client.workflow
          .getHandle(id)
          .terminate('chaos')
          .catch(() => {});
    },
  },
  {
    kind: 'workflows reset',
    number: '21',
    tries: 2,
    spreadMs: 12 * SECOND,
    async inject(context) {
      for (const id of await pickWorkflows(context)) await reset(context, id).catch(() => {});
    },
  },
  {
    kind: 'short runs',
    number: '20',
    tries: 0,
    spreadMs: 12 * SECOND,
    before: ({ stage: { roles } }) =>
      replaceRelay(roles, {
        RELAY_SCRIPT: 'test/chaos/short-runs-worker.ts',
        ROLLOVER_AT: String(ROLLOVER_AT),
      }),
    after: ({ stage: { roles } }) => replaceRelay(roles, {}),
  },
];

async function replaceRelay(
  roles: FaultContext['stage']['roles'],
  env: Record<string, string>,
): Promise<void> {
  await Promise.all(roles.list('relay').map((process) => roles.stop(process)));
  await roles.start('relay', env);
}

/** Resets a workflow to one of the tasks that it has completed. */
async function reset({ stage: { client }, random }: FaultContext, workflowId: string): Promise<void> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const task = random.pick(tasks);
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    reason: 'chaos',
    requestId: randomUUID(),
    workflowTaskFinishEventId: task?.eventId ?? null,
  });
  await sleep(10);
}
