/** The tables in partitions by the month of this column (UTC), each with one more partition for the rows that are kept. */
export const PARTITIONED = [
  { table: 'events', time: 'accepted_at' },
  { table: 'decisions', time: 'committed_at' },
  { table: 'sent_messages', time: 'written_at' },
] as const;

export type PartitionedTable = (typeof PARTITIONED)[number]['table'];
