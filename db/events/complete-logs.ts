import type { Tx } from '../client.ts';

/** Whether the logs of these customers still have all events: numbers have no gaps, but old months may be dropped. */
export async function haveCompleteLogs(tx: Tx, customerIds: string[]): Promise<boolean> {
  const [row] = await tx<{ complete: boolean }[]>`
    select not exists (select from retention where name = 'events' and kept_since is not null)
      or not exists (
        select from customers c where c.id = any(${customerIds})
          and c.seq > (select count(*) from events e where e.customer_id = c.id)) as complete`;
  return row?.complete ?? false;
}
