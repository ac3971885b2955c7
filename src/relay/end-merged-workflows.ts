import type { Database } from '../../db/client.ts';
import { readMergesWithOpenWorkflow, recordWorkflowEnded } from '../../db/identity/merged-workflows.ts';
import type { JourneyClient } from '../temporal/journey-client.ts';

const PAGE = 50;

/**
 * Lets the workflows of merged customers look, and so learn that they are over: nothing else would ever wake them. Told
 * twice it does no harm. Returns whether there may be more to do.
 */
export async function endMergedWorkflows(deps: {
  db: Database;
  journeys: Pick<JourneyClient, 'signal'>;
}): Promise<boolean> {
  const untold = await readMergesWithOpenWorkflow(deps.db.sql, PAGE);
  for (const { id, workspace, loser } of untold) {
    await deps.journeys.signal({ workspace, customerId: loser }, []);
    await recordWorkflowEnded(deps.db.sql, id);
  }
  return untold.length === PAGE;
}
