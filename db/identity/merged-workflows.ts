import type { Tx } from '../client.ts';

/** Merges after which the loser's workflow has not been ended yet, oldest first. */
export async function readMergesWithOpenWorkflow(
  tx: Tx,
  limit: number,
): Promise<{ id: string; workspace: string; loser: string }[]> {
  return tx<{ id: string; workspace: string; loser: string }[]>`
    select id, workspace, loser from merges where workflow_ended_at is null order by at limit ${limit}`;
}

export async function recordWorkflowEnded(tx: Tx, id: string): Promise<void> {
  await tx`update merges set workflow_ended_at = clock_timestamp() where id = ${id}`;
}
