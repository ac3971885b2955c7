import type { Tx } from '../client.ts';
import { type CustomerPosition, selectPositions } from './customer-positions.ts';
import { type RecentChanges, selectRecentChanges, type TopicKey } from './recent-changes.ts';

type Row = { customer: CustomerPosition | null; topic: RecentChanges | null };

/** Positions of any number of customers and the recent changes of any number of topics, by one statement. */
export async function lookForChanges(
  tx: Tx,
  customerIds: readonly string[],
  topics: readonly TopicKey[],
): Promise<{ customers: CustomerPosition[]; topics: RecentChanges[] }> {
  const rows = await tx<Row[]>`
    ${selectPositions(tx, customerIds)} union all ${selectRecentChanges(tx, topics)}`;
  return {
    customers: rows.flatMap(({ customer }) => customer ?? []),
    topics: rows.flatMap(({ topic }) => topic ?? []),
  };
}
