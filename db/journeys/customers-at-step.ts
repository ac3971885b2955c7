import type { Tx } from '../client.ts';
import { customerName } from '../customers/customer-name.ts';

/** A customer at a step of a journey. */
export interface CustomerAtStep {
  id: string;
  customerId: string;
  customerName: string | null;
  step: string;
  state: string;
  since: number;
  version: number;
  key: string | null;
  enteredAt: number;
}

/**
 * The open enrollments at a step, or at all steps of a journey: by step, and those first that have been there for
 * longest.
 */
export async function viewCustomersAtStep(
  tx: Tx,
  page: {
    workspace: string;
    journey: string;
    step: string | undefined;
    limit: number;
    after: [string, number, string] | null;
  },
): Promise<CustomerAtStep[]> {
  const { workspace, journey, step, limit, after } = page;
  return tx<CustomerAtStep[]>`
    select id, customer_id as "customerId",
           (select ${customerName(tx)} from customers c where c.id = customer_id) as "customerName", step, state, since, version, key, entered_at as "enteredAt"
    from enrollments
    where workspace = ${workspace} and journey = ${journey} and ended_at is null and step is not null
      and ${step === undefined ? tx`true` : tx`step = ${step}`}
      and ${after === null ? tx`true` : tx`(step, since, id) > (${after[0]}, ${after[1]}::bigint, ${after[2]})`}
    order by step, since, id limit ${limit}`;
}
