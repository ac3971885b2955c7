import type { Database } from '../../db/client.ts';
import { readMergesWithOpenWorkflow, recordWorkflowEnded } from '../../db/identity/merged-workflows.ts';
import type { JourneyClient } from '../temporal/journey-client.ts';

const PAGE = 50;

/**
 * Signals the workflows of merged customers, so that their next decision ends them: nothing else would ever wake them.
 * A second signal does no harm.
 *
 * @returns whether more may be left
 */
export async function endMergedWorkflows(deps: {
  db: Database;
  journeys: Pick<JourneyClient, 'signal'>;
}): Promise<boolean> {
  const merges = await readMergesWithOpenWorkflow(deps.db.sql, PAGE);
  for (const { id, workspace, loser } of merges) {
    await deps.journeys.signal({ workspace, customerId: loser }, []);
    await recordWorkflowEnded(deps.db.sql, id);
  }
  return merges.length === PAGE;
}
