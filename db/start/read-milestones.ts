import type { Tx } from '../client.ts';

/** What a workspace has seen at least once. */
export interface Milestones {
  customers: boolean;
  events: boolean;
  orders: boolean;
  tickets: boolean;
  /** A message that a provider has accepted. */
  messages: boolean;
  /** A bundle that a person or a key has applied, and not the server by itself. */
  applies: boolean;
}

/** Each is the first entry of an index, if there is one. */
export async function readMilestones(tx: Tx, workspace: string): Promise<Milestones> {
  const [row] = await tx<Milestones[]>`
    select exists (select from customers where workspace = ${workspace}) as customers,
      exists (select from events where workspace = ${workspace}) as events,
      exists (select from events where workspace = ${workspace} and name = 'Order Completed') as orders,
      exists (select from tickets where workspace = ${workspace}) as tickets,
      exists (select from deliveries where workspace = ${workspace} and claimed_at is not null and state = 'sent')
        as messages,
      exists (select from bundles where workspace = ${workspace} and applied_by is not null) as applies`;
  return row as Milestones;
}

/** The newest open ticket of a customer by their user id; null if there is none. */
export async function readOpenTicket(tx: Tx, workspace: string, userId: string): Promise<string | null> {
  const [row] = await tx<{ id: string }[]>`
    select t.id from identities i join tickets t on t.customer_id = i.customer_id
    where i.workspace = ${workspace} and i.type = 'user' and i.value = ${userId} and t.status = 'open'
    order by t.opened_at desc limit 1`;
  return row?.id ?? null;
}
