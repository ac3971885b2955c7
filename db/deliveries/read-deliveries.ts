import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { deliveries } from '../schema.ts';

const COLUMNS = [
  'id',
  'customerId',
  'decisionId',
  'enrollmentId',
  'action',
  'class',
  'purpose',
  'topic',
  'channel',
  'key',
  'state',
  'at',
  'notAfter',
  'attempts',
  'locale',
  'requestedLocale',
  'variant',
  'providerId',
  'repeats',
  'error',
  'verdict',
  'receipts',
  'createdAt',
  'updatedAt',
] as const;

export interface DeliveryView extends Row<typeof deliveries, (typeof COLUMNS)[number]> {
  /** The delivery that repeats it. */
  repeatedBy: string | null;
  /** `createdAt` for the cursor: exact to the microsecond. */
  created: string;
}

const columns = (tx: Tx) => tx`
  ${selectColumns(tx, deliveries, COLUMNS)}, created_at::text as created,
  (select r.id from deliveries r where r.repeats = deliveries.id) as "repeatedBy"`;

export async function viewDelivery(tx: Tx, workspace: string, id: string): Promise<DeliveryView | null> {
  const [row] = await tx<DeliveryView[]>`
    select ${columns(tx)} from deliveries where id = ${id} and workspace = ${workspace}`;
  return row ?? null;
}

/** Deliveries to these ids of one customer, newest first. */
export async function viewDeliveries(
  tx: Tx,
  query: { customerIds: string[]; limit: number; before: { created: string; id: string } | null },
): Promise<DeliveryView[]> {
  const { customerIds, limit, before } = query;
  return tx<DeliveryView[]>`
    select ${columns(tx)} from deliveries
    where customer_id = any(${customerIds})
      ${before === null ? tx`` : tx`and (created_at, id) < (${before.created}::text::timestamptz, ${before.id})`}
    order by created_at desc, id desc limit ${limit}`;
}
