import type { Tx } from '../client.ts';

/** A command that was done under an `Idempotency-Key`. */
export interface DoneCommand {
  /** Hash of the request. */
  request: string;
  /** What its effect returned, from which the answer is built. */
  effect: unknown;
  /** Null while it was not answered: its process still builds the answer, or has died. */
  status: number | null;
  body: unknown;
}

export interface CommandKey {
  workspace: string;
  key: string;
  request: string;
}

/** How long a command is remembered. */
const KEPT = '1 day';

/** The command that was done under this key, or null. */
export async function readDoneCommand(
  tx: Tx,
  { workspace, key }: Pick<CommandKey, 'workspace' | 'key'>,
): Promise<DoneCommand | null> {
  const [row] = await tx<DoneCommand[]>`
    select request, effect, status, body from idempotency
    where workspace = ${workspace} and key = ${key} and at > statement_timestamp() - ${KEPT}::interval`;
  return row ?? null;
}

/**
 * Records in the transaction of a command's effect that it is done. False: another request has done a command under this
 * key, and the transaction must be rolled back. A concurrent one under the same key waits here for its end.
 */
export async function saveDoneCommand(tx: Tx, { workspace, key, request }: CommandKey, effect: unknown) {
  return insertCommand(tx, { workspace, key, request, effect, status: null, body: null });
}

/**
 * Saves the answer to a command for requests that repeat it.
 *
 * @param isDone whether its effect was recorded. Otherwise the answer is a refusal, or the command has no effect
 * @returns false if another request has done a command under this key meanwhile
 */
export async function saveAnswer(
  tx: Tx,
  { workspace, key, request }: CommandKey,
  { status, body }: { status: number; body: unknown },
  isDone: boolean,
): Promise<boolean> {
  if (!isDone) return insertCommand(tx, { workspace, key, request, effect: null, status, body });
  await tx`
    update idempotency set status = ${status}, body = ${JSON.stringify(body ?? null)}::text::jsonb
    where workspace = ${workspace} and key = ${key} and request = ${request}`;
  return true;
}

async function insertCommand(tx: Tx, row: CommandKey & DoneCommand): Promise<boolean> {
  const json = (value: unknown) => tx`${JSON.stringify(value ?? null)}::text::jsonb`;
  const rows = await tx`
    insert into idempotency as i (workspace, key, request, effect, status, body)
    values (${row.workspace}, ${row.key}, ${row.request}, ${json(row.effect)}, ${row.status}, ${json(row.body)})
    on conflict (workspace, key) do update
      set request = excluded.request, effect = excluded.effect, status = excluded.status, body = excluded.body,
        at = clock_timestamp()
      where i.at <= statement_timestamp() - ${KEPT}::interval
    returning 1`;
  return rows.length > 0;
}

/** Forgets commands whose effects or answers mention these customers, as part of their erasure. */
export async function forgetCommandsAbout(tx: Tx, workspace: string, customerIds: string[]): Promise<void> {
  const anywhere = customerIds.map((id) => `%"${id.replace(/[\\%_]/g, '\\$&')}"%`);
  // The answer to an erasure holds ids alone, and a repetition still has to find it.
  await tx`
    delete from idempotency
    where workspace = ${workspace} and (body::text like any(${anywhere}::text[]) or effect::text like any(${anywhere}::text[]))
      and not coalesce(effect ? 'erasedIds', false)`;
}
