import type { DeliveryState } from '../../src/domain/delivery.ts';
import type { Tx } from '../client.ts';

/** What became of the newest attempts of a channel. */
export interface ChannelHealth {
  channel: string;
  sent: number;
  failed: number;
  unknown: number;
  /** Attempts that were refused for now, or reached nobody: they follow again. */
  retrying: number;
  /** Messages of the last five minutes. */
  sentLately: number;
  lastSentAt: number | null;
  lastErrorAt: number | null;
  lastError: string | null;
}

/** A delivery that did not succeed, or not yet. */
export interface TroubledDelivery {
  id: string;
  customerId: string;
  action: string;
  channel: string;
  state: DeliveryState;
  error: string;
  at: number;
}

/** The newest attempts of a workspace, of a day at most. */
const NEWEST = 5_000;
const MOST_UNKNOWN = 10_000;

const newestAttempts = (tx: Tx, workspace: string) => tx`
  select * from deliveries where workspace = ${workspace} and claimed_at > statement_timestamp() - interval '1 day'
  order by claimed_at desc limit ${NEWEST}`;

/** What became of the newest attempts, by channel. */
export async function readChannelHealth(tx: Tx, workspace: string): Promise<ChannelHealth[]> {
  return tx<ChannelHealth[]>`
    select channel, count(*) filter (where state = 'sent') as sent, count(*) filter (where state = 'failed') as failed,
      count(*) filter (where state = 'unknown') as unknown,
      count(*) filter (where state in ('planned', 'sending') and error is not null) as retrying,
      count(*) filter (where state = 'sent' and updated_at > statement_timestamp() - interval '5 minutes') as "sentLately",
      (extract(epoch from max(updated_at) filter (where state = 'sent')) * 1000)::bigint as "lastSentAt",
      (extract(epoch from max(updated_at) filter (where ${isTroubled(tx)})) * 1000)::bigint as "lastErrorAt",
      (array_agg(error order by updated_at desc) filter (where ${isTroubled(tx)}))[1] as "lastError"
    from (${newestAttempts(tx, workspace)}) attempts group by channel order by channel`;
}

/** The newest attempts that did not succeed, newest first. */
export async function listTroubledDeliveries(
  tx: Tx,
  workspace: string,
  limit: number,
): Promise<TroubledDelivery[]> {
  return tx<TroubledDelivery[]>`
    select id, customer_id as "customerId", action, channel, state, error,
      (extract(epoch from updated_at) * 1000)::bigint as at
    from (${newestAttempts(tx, workspace)}) attempts where ${isTroubled(tx)}
    order by updated_at desc, id limit ${limit}`;
}

/** Deliveries of which nobody knows whether they left, however old, and the time of the last. */
export async function countUnknownDeliveries(
  tx: Tx,
  workspace: string,
): Promise<{ count: number; lastAt: number | null }> {
  const [row] = await tx<{ count: number; lastAt: number | null }[]>`
    select count(*), (extract(epoch from max(updated_at)) * 1000)::bigint as "lastAt" from (
      select updated_at from deliveries where workspace = ${workspace} and state = 'unknown'
      order by updated_at desc limit ${MOST_UNKNOWN}) unknown`;
  return row ?? { count: 0, lastAt: null };
}

function isTroubled(tx: Tx) {
  return tx`error is not null and state in ('failed', 'unknown', 'planned', 'sending')`;
}
