import type { Tx } from '../client.ts';

export interface EventRow {
  customerId: string;
  seq: number;
  workspace: string;
  id: string;
  messageId: string;
  type: string;
  name: string;
  at: string;
  acceptedAt: string;
  historical: boolean;
  source: string;
  body: { properties: unknown; traits: unknown; context: unknown };
  /** Customer for whom it was first accepted, or would have been but for a merge; null: this one. */
  origin: string | null;
}

/** Appends to the log. The sequence numbers were counted under the customers' locks. */
export async function appendEvents(tx: Tx, rows: EventRow[]): Promise<void> {
  await tx`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body,
                        origin)
    select customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body,
           origin
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      customer_id text, seq bigint, workspace text, id text, message_id text, type text, name text, at timestamptz,
      accepted_at timestamptz, historical boolean, source text, body jsonb, origin text)`;
}
