import { uuidv7 } from 'uuidv7';
import type { Tx } from '../client.ts';

export interface Rejection {
  workspace: string;
  messageId: string | null;
  source: string;
  /** Stable, in lower_snake. */
  code: string;
  reason: string;
  /** The body as received, without characters that Postgres cannot store. */
  body: string;
}

/** Saves rejected events with the reason. */
export async function saveRejectedEvents(tx: Tx, rejections: Rejection[]): Promise<void> {
  const rows = rejections.map((r) => ({
    workspace: r.workspace,
    source: r.source,
    code: r.code,
    id: `rej_${uuidv7().replaceAll('-', '')}`,
    messageId: r.messageId === null ? null : storable(r.messageId),
    reason: storable(r.reason.slice(0, 500)),
    body: storable(r.body.slice(0, 64_000)),
  }));
  await tx`
    insert into rejected (id, workspace, message_id, source, code, reason, body)
    select id, workspace, "messageId", source, code, reason, body
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(
      id text, workspace text, "messageId" text, source text, code text, reason text, body text)`;
}

/** Postgres can store neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
