import type { Profile } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';

export interface CustomerRow {
  id: string;
  seq: number;
  profile: Profile;
  email: string | null;
  paused: { since: number; reason: string; by: string } | null;
  accountId: string | null;
  personKey: string | null;
}

/** Writes what acceptance folded. Their rows are locked. */
export async function saveCustomers(tx: Tx, rows: CustomerRow[]): Promise<void> {
  await tx`
    update customers c set seq = t.seq, profile = t.profile, email = t.email, paused = t.paused,
      account_id = t."accountId", person_key = t."personKey"
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as t(id text, seq bigint, profile jsonb, email text, paused jsonb, "accountId" text, "personKey" text)
    where c.id = t.id`;
}
