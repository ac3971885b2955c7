import type { Tx } from '../client.ts';

/** Where a customer stands: in the log, and in the journey. */
export interface CustomerPosition {
  customerId: string;
  seq: number;
  ordinal: number;
  mergedInto: string | null;
  erased: boolean;
  /** Differs once the customer or the journey has changed. */
  position: string;
}

/** The positions of any number of customers. For `union all` with other rows. */
export function selectPositions(tx: Tx, customerIds: readonly string[]) {
  return tx`
    select json_build_object('customerId', c.id, 'seq', c.seq, 'ordinal', coalesce(j.ordinal, 0),
      'mergedInto', c.merged_into, 'erased', c.erased_at is not null,
      'position', concat_ws('/', c.seq, j.epoch, j.ordinal, j.processed_seq, j.updated_at)) as customer,
      null::json as topic
    from customers c left join journeys j on j.customer_id = c.id
    where c.id = any(${customerIds as string[]}::text[])`;
}
