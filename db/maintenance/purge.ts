import type { Tx } from '../client.ts';

const PAGE = 5_000;

/**
 * Deletes rows after their retention: inbox items once they have expired; idempotency keys after a day; rejected events, finished sweeps except those of
 * activations, and real-time decisions of which nothing was shown, after 30 days; message ids, counts of notes that were
 * not seen since, when sources were heard from, and who shared a device after 90 days, since no sender retries for so long;
 * sessions that have ended, and counts of attempts to log in.
 *
 * @returns whether more may be left
 */
export async function purgeExpired(tx: Tx): Promise<boolean> {
  const rejected = await tx`
    delete from rejected where id in (
      select id from rejected where at < statement_timestamp() - interval '30 days' order by at limit ${PAGE})`;
  const messageIds = await tx`
    delete from message_ids where (workspace, message_id) in (
      select workspace, message_id from message_ids where accepted_at < statement_timestamp() - interval '90 days'
        limit ${PAGE})`;
  if (rejected.count === PAGE || messageIds.count === PAGE) return true;
  await tx`delete from inbox_items where expires_at < statement_timestamp()`;
  await tx`delete from idempotency where at < statement_timestamp() - interval '1 day'`;
  await tx`
    delete from decisions d where kind = 'realtime' and committed_at < statement_timestamp() - interval '30 days'
      and not exists (select 1 from deliveries where decision_id = d.id)`;
  await tx`delete from note_counts where last_at < statement_timestamp() - interval '90 days'`;
  await tx`delete from source_activity where at < statement_timestamp() - interval '90 days'`;
  await tx`delete from shared_devices where at < statement_timestamp() - interval '90 days'`;
  await tx`delete from sessions where expires_at < statement_timestamp()`;
  await tx`delete from login_attempts where at < statement_timestamp() - interval '30 days'`;
  await tx`delete from sweeps where kind <> 'activation' and done_at < statement_timestamp() - interval '30 days'`;
  return false;
}
