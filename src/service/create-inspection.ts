import type { InspectedSchedule, InspectedTemporal, Inspection } from '../api/system-status/inspection.ts';
import type { Bundle } from '../domain/definition.ts';
import { inspectQueues, listScheduleStates, readRunOutcome } from '../temporal/inspect.ts';
import { buildJobScheduleName, buildScheduleName } from '../temporal/schedules.ts';
import { buildWorkflowId } from '../workflows/identifiers.ts';
import { listDeliveryChannels } from './delivery-channels.ts';
import type { Service } from './service.ts';
import { listJobSchedules, listSweepSchedules } from './sync-schedules.ts';

/** People look at the page every few seconds, and listings of Temporal lag by as much. */
const KEPT_MS = 5_000;
const PATIENCE_MS = 4_000;
/** Schedules whose last run is looked at: jobs come first. */
const OUTCOMES = 20;

/** Looks at Temporal for one workspace at a time, and keeps what it saw for a moment. */
export function createInspection(service: Service): Inspection {
  const seen = new Map<string, { at: number; result: Promise<InspectedTemporal> }>();
  return {
    inspect(bundle) {
      const { id } = bundle.workspace;
      const last = seen.get(id);
      if (last && Date.now() - last.at < KEPT_MS) return last.result;
      const { connection } = service.temporal;
      const deadline = Date.now() + PATIENCE_MS;
      const result = connection.withDeadline(deadline, () => inspectWorkspace(service, bundle));
      seen.set(id, { at: Date.now(), result });
      return result;
    },
    linkTo: (workflowId, runId) => link(service, 'workflows', workflowId, runId, 'history'),
    linkToCustomer(workspace, customerId) {
      const page = link(service, 'workflows');
      const query = `WorkflowId = '${buildWorkflowId(workspace, customerId)}'`;
      return page && `${page}?query=${encodeURIComponent(query)}`;
    },
  };
}

/** An address in Temporal's UI; null where none is configured. */
function link({ config: { temporalUiUrl }, temporal }: Service, ...path: string[]): string | null {
  if (temporalUiUrl === null) return null;
  return [temporalUiUrl, 'namespaces', ...[temporal.options.namespace, ...path].map(encodeURIComponent)].join(
    '/',
  );
}

async function inspectWorkspace(
  { temporal, listing, config: { taskQueue } }: Service,
  bundle: Bundle,
): Promise<InspectedTemporal> {
  const { id } = bundle.workspace;
  const [queues, schedules, stuck] = await Promise.all([
    inspectQueues(temporal, taskQueue, listDeliveryChannels(bundle)),
    listScheduleStates(temporal, taskQueue),
    listing.findStuck(),
  ]);
  const jobs = listJobSchedules(bundle).map(buildJobScheduleName);
  const required = [...jobs, ...listSweepSchedules(bundle).map(buildScheduleName)];
  const own = schedules.filter(({ name }) => required.includes(name));
  const inspected: InspectedSchedule[] = [];
  for (const [place, schedule] of own.sort((a, b) => rank(required, a) - rank(required, b)).entries()) {
    const isLookedAt = schedule.lastRun !== null && place < OUTCOMES;
    const outcome = isLookedAt ? await readRunOutcome(temporal, schedule.lastRun as never) : null;
    inspected.push({ ...schedule, outcome });
  }
  return {
    queues,
    required,
    schedules: inspected,
    stuck: stuck
      .filter(({ workspace }) => workspace === id)
      .map(({ customerId, run }) => ({ customerId, workflowId: buildWorkflowId(id, customerId), ...run })),
  };
}

const rank = (required: readonly string[], { name }: { name: string }): number => required.indexOf(name);
