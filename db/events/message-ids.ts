import type { Tx } from '../client.ts';

interface MessageClaim {
  workspace: string;
  messageId: string;
  customerId: string;
}

/** A message id and the digest of its event's content, a 64-bit number in decimal. Null: it is equal to any. */
export interface ClaimedContent {
  workspace: string;
  messageId: string;
  content: string | null;
}

/** Claims message ids in sorted order. Returns those that were not claimed before. */
export async function claimMessageIds(
  tx: Tx,
  claims: (MessageClaim & ClaimedContent)[],
  acceptedAt: Date,
): Promise<Set<string>> {
  const sorted = [...claims].sort((a, b) => (claimKey(a) < claimKey(b) ? -1 : 1));
  const rows = await tx<MessageClaim[]>`
    insert into message_ids (workspace, message_id, customer_id, accepted_at, content)
    select w, m, c, ${acceptedAt.toISOString()}::timestamptz, d::bigint
    from unnest(${sorted.map((c) => c.workspace)}::text[], ${sorted.map((c) => c.messageId)}::text[],
                ${sorted.map((c) => c.customerId)}::text[], ${sorted.map((c) => c.content)}::text[]) as t(w, m, c, d)
    on conflict do nothing
    returning workspace, message_id as "messageId"`;
  return new Set(rows.map(claimKey));
}

/**
 * Whether each message id was claimed for the same content, in the given order. The answer is shorter if one of them is
 * not claimed any more.
 */
export async function findSameContents(tx: Tx, claims: ClaimedContent[]): Promise<boolean[]> {
  const rows = await tx<{ same: boolean }[]>`
    select coalesce(m.content = t.d::bigint, true) as same
    from unnest(${claims.map((c) => c.workspace)}::text[], ${claims.map((c) => c.messageId)}::text[],
                ${claims.map((c) => c.content)}::text[]) with ordinality as t(w, m, d, n)
    join message_ids m on m.workspace = t.w and m.message_id = t.m
    order by t.n`;
  return rows.map(({ same }) => same);
}

/** Moves message ids to the customer that their customer was merged into. */
export async function moveMessageIds(tx: Tx, claims: MessageClaim[]): Promise<void> {
  await tx`
    update message_ids m set customer_id = t.c
    from unnest(${claims.map((c) => c.workspace)}::text[], ${claims.map((c) => c.messageId)}::text[],
                ${claims.map((c) => c.customerId)}::text[]) as t(w, m, c)
    where m.workspace = t.w and m.message_id = t.m`;
}

/** Deletes the message ids of rejected events, so that nothing is left under an erased customer. */
export async function releaseMessageIds(tx: Tx, claims: Omit<MessageClaim, 'customerId'>[]): Promise<void> {
  await tx`
    delete from message_ids m
    using unnest(${claims.map((c) => c.workspace)}::text[], ${claims.map((c) => c.messageId)}::text[]) as t(w, i)
    where m.workspace = t.w and m.message_id = t.i`;
}

export function claimKey(claim: { workspace: string; messageId: string }): string {
  return `${claim.workspace}\u0001${claim.messageId}`;
}
