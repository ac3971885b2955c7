import type { Tx } from '../client.ts';

/** A journey that time or an effect is to wake, so that it needs a workflow. */
export interface WaitingJourney {
  customerId: string;
  workspace: string;
  /** Whether an enrollment waits for effects that have ended: no event told its journey. */
  stranded: boolean;
}

/**
 * Looks through the next `limit` journeys by customer. Returns those that need a workflow and did not change in the last
 * seconds, and where the next page begins; null after the last one.
 */
export async function readJourneysToReconcile(
  tx: Tx,
  cursor: string,
  limit: number,
): Promise<{ journeys: WaitingJourney[]; cursor: string | null }> {
  const rows = await tx<(WaitingJourney & { waits: boolean })[]>`
    select j.customer_id as "customerId", j.workspace,
      (j.wake_at is not null or jsonb_array_length(j.state -> 'enrollments') > 0)
        and j.updated_at < statement_timestamp() - interval '5 seconds' as waits,
      not j.state ? 'poison' and exists (
        select 1 from jsonb_array_elements(j.state -> 'enrollments') e
        where e #>> '{status,kind}' = 'delivering' and not exists (
            select 1 from deliveries d join jsonb_array_elements_text(e #> '{status,deliveries}') id on d.id = id
            where d.state in ('planned', 'sending'))
          or e #>> '{status,kind}' = 'tasked' and not exists (
            select 1 from agent_tasks t where t.id = e #>> '{status,task}'
              and t.state in ('planned', 'open', 'acknowledged'))) as stranded
    from (select * from journeys where customer_id > ${cursor} order by customer_id limit ${limit}) j
    order by j.customer_id`;
  const journeys = rows.flatMap(({ waits, ...journey }) => (waits ? [journey] : []));
  return { journeys, cursor: rows.length < limit ? null : (rows.at(-1)?.customerId ?? null) };
}
