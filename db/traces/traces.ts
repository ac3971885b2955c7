import type { Tx } from '../client.ts';

/** Events whose traces are read for one signal or one decision. */
const MAX_EVENTS = 20;

/** `traceparent` of a customer's unprocessed events, the oldest first: what a signal or a decision follows from. */
export async function readEventTraces(
  tx: Tx,
  customerId: string,
  { after, upTo }: { after: number; upTo: number | null },
): Promise<string[]> {
  const rows = await tx<{ trace: string }[]>`
    select body ->> 'trace' as trace from events
    where customer_id = ${customerId} and seq > ${after} and (${upTo}::bigint is null or seq <= ${upTo})
      and body ? 'trace'
    order by seq limit ${MAX_EVENTS}`;
  return [...new Set(rows.map((row) => row.trace))];
}

/** Notes the trace of a decision on the deliveries and tasks that it has planned. */
export async function saveEffectTraces(
  tx: Tx,
  { customerId, decisionId }: { customerId: string; decisionId: string },
  trace: string,
): Promise<void> {
  await tx`
    update deliveries set trace = ${trace} where customer_id = ${customerId} and decision_id = ${decisionId}`;
  await tx`
    update agent_tasks set trace = ${trace} where customer_id = ${customerId} and decision_id = ${decisionId}`;
}

/** `traceparent` of the decision that planned a delivery or a task. */
export async function readEffectTrace(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx<{ trace: string | null }[]>`
    select trace from deliveries where id = ${id} union all select trace from agent_tasks where id = ${id}`;
  return rows.flatMap(({ trace }) => trace ?? []);
}
