import type { Bundle } from '../../domain/definition.ts';
import type { QueueFacts, ScheduleState } from '../../temporal/inspect.ts';

/** A schedule of a workspace, and how its last run ended. */
export interface InspectedSchedule extends ScheduleState {
  /** `COMPLETED`, `FAILED`, `RUNNING`… Null: it never ran, or the server does not know it any more. */
  outcome: string | null;
}

/** What Temporal knows of a workspace. */
export interface InspectedTemporal {
  queues: QueueFacts[];
  /** Of all workspaces: the names that the active bundle of this one requires are in `required`. */
  schedules: InspectedSchedule[];
  required: string[];
  /** Customers whose workflow no signal can move on. */
  stuck: { customerId: string; workflowId: string; runId: string; reason: string }[];
}

/** Looks at Temporal. Many people who look at once make it look once. */
export interface Inspection {
  /** @throws if Temporal does not answer in time */
  inspect(bundle: Bundle): Promise<InspectedTemporal>;
  /** The page of a run in Temporal's UI; null where none is configured. */
  linkTo(workflowId: string, runId: string): string | null;
  /** The runs of a customer's workflow there. */
  linkToCustomer(workspace: string, customerId: string): string | null;
}
