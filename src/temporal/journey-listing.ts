import type { Client } from '@temporalio/client';
import { buildWorkflowId, readWorkflowId } from '../workflows/identifiers.ts';
import { WORKFLOW_TYPE } from '../workflows/messages.ts';
import type { Owner } from './journey-client.ts';
import { findStuckRun, isRunning, type StuckRun } from './stuck-run.ts';

/** Ids in one query. */
const IDS_PER_QUERY = 100;
const PAGE = 200;
/** Stuck runs that one call returns. */
const STUCK = 50;
/** Each of these runs is read from the beginning. */
const ENDED_PAGE = 20;
const ENDED = "ExecutionStatus IN ('Terminated', 'Canceled', 'Failed', 'TimedOut')";
const GRPC_INVALID_ARGUMENT = 3;

/** A run that a person or a failure has ended; it neither completed nor continued as new. */
type EndedRun = Owner & { runId: string; endedAt: number };

/** Lists the workflows of customers, to compare them with the journeys in Postgres. */
export interface JourneyListing {
  /** Those of these customers whose workflow does not run. */
  findMissing(owners: Owner[]): Promise<Owner[]>;
  /** The running workflows, page by page. `cursor`: where the page begins, or empty; the next one, or null at the end. */
  listRunning(cursor: string): Promise<{ owners: Owner[]; cursor: string | null }>;
  /** Runs that have ended from outside since an instant (RFC 3339), page by page, as `listRunning`. */
  listEnded(since: string, cursor: string): Promise<{ runs: EndedRun[]; cursor: string | null }>;
  /** Workflows that no signal can move on; none on a server that does not mark them. */
  findStuck(): Promise<(Owner & { run: StuckRun })[]>;
}

/**
 * The listings of Temporal lag behind by seconds. So whatever they lack or report is looked at itself before it counts.
 */
export function createJourneyListing(client: Client, taskQueue: string): JourneyListing {
  const all = `WorkflowType = '${WORKFLOW_TYPE}' AND TaskQueue = '${taskQueue}'`;
  const running = `${all} AND ExecutionStatus = 'Running'`;

  async function list(query: string, pageSize: number, cursor = '') {
    const { namespace } = client.options;
    const page = await client.workflowService.listWorkflowExecutions({
      namespace,
      query,
      pageSize,
      nextPageToken: Buffer.from(cursor, 'base64'),
    });
    const executions = page.executions ?? [];
    const ids = executions.flatMap(({ execution }) => execution?.workflowId ?? []);
    const token = Buffer.from(page.nextPageToken ?? []).toString('base64');
    return { executions, ids, next: token === '' ? null : token };
  }

  async function describe(workflowId: string) {
    const { raw } = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch((error: Error) => {
        if (error.name === 'WorkflowNotFoundError') return { raw: null };
        throw error;
      });
    return raw;
  }

  return {
    async findMissing(owners) {
      const missing: Owner[] = [];
      for (let from = 0; from < owners.length; from += IDS_PER_QUERY) {
        const page = owners.slice(from, from + IDS_PER_QUERY);
        const quoted = page.map(({ workspace, customerId }) => `'${buildWorkflowId(workspace, customerId)}'`);
        const { ids } = await list(`${running} AND WorkflowId IN (${quoted.join(', ')})`, IDS_PER_QUERY);
        const listed = new Set(ids);
        for (const owner of page) {
          const workflowId = buildWorkflowId(owner.workspace, owner.customerId);
          if (!listed.has(workflowId) && !isRunning(await describe(workflowId))) missing.push(owner);
        }
      }
      return missing;
    },
    async listRunning(cursor) {
      const { ids, next } = await list(running, PAGE, cursor);
      return { owners: ids.flatMap((id) => readWorkflowId(id) ?? []), cursor: next };
    },
    async listEnded(since, cursor) {
      const query = `${all} AND ${ENDED} AND CloseTime >= '${since}'`;
      const { executions, next } = await list(query, ENDED_PAGE, cursor);
      const runs = executions.flatMap(({ execution, closeTime }): EndedRun[] => {
        const owner = readWorkflowId(execution?.workflowId ?? '');
        if (!owner || !execution?.runId) return [];
        return [{ ...owner, runId: execution.runId, endedAt: Number(closeTime?.seconds ?? 0) * 1_000 }];
      });
      return { runs, cursor: next };
    },
    async findStuck() {
      const { ids } = await list(`${running} AND TemporalReportedProblems IS NOT NULL`, STUCK).catch(
        (error: Error & { code?: number }) => {
          if (error.code === GRPC_INVALID_ARGUMENT) return { ids: [] };
          throw error;
        },
      );
      const stuck: (Owner & { run: StuckRun })[] = [];
      for (const workflowId of ids) {
        const owner = readWorkflowId(workflowId);
        const description = await describe(workflowId);
        if (!owner || !isRunning(description)) continue;
        const run = await findStuckRun(client, workflowId, description);
        if (run) stuck.push({ ...owner, run });
      }
      return stuck;
    },
  };
}
