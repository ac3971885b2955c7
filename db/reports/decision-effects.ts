import type { Tx } from '../client.ts';

/** A delivery or task of a decision, once it was sent or reached the desk. */
export interface SentEffect {
  decisionId: string;
  action: string;
  enrollmentId: string;
}

/** What of these decisions was sent, or reached the agent desk: one row per delivery and task. */
export async function readSentEffects(
  tx: Tx,
  { decisions, tasks }: { decisions: string[]; tasks: string[] },
): Promise<SentEffect[]> {
  return tx<SentEffect[]>`
    select decision_id as "decisionId", action, enrollment_id as "enrollmentId" from deliveries
    where decision_id = any(${decisions}::text[]) and state in ('sent', 'unknown')
    union all
    select decision_id, action, enrollment_id from agent_tasks
    where id = any(${tasks}::text[]) and state <> 'planned'`;
}
