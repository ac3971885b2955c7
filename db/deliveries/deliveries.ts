import type { ClaimRefusal } from '../../src/domain/candidate.ts';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import { MARKS_OF_ARRIVAL } from '../../src/domain/receipt.ts';
import type { Tx } from '../client.ts';
import { columnList, type Row, selectColumns } from '../columns.ts';
import { toHex } from '../decisions/record/stored-columns.ts';
import { deliveries } from '../schema.ts';

const COLUMNS = [
  'id',
  'customerId',
  'workspace',
  'decisionId',
  'enrollmentId',
  'action',
  'class',
  'topic',
  'channel',
  'key',
  'subject',
  'bundleVersion',
  'cost',
  'couponId',
  'state',
  'at',
  'notAfter',
  'entry',
  'variant',
  'fence',
  'attempts',
  'pendingMessage',
  'receipts',
] as const;

export interface DeliveryRow extends Row<typeof deliveries, (typeof COLUMNS)[number]> {
  /** Milliseconds of wall time until the lease ends; negative once it has ended. */
  leaseRemaining: number | null;
  /** Milliseconds of wall time in which the open attempt may be repeated; null if its provider recognises no repeat. */
  repeatRemaining: number | null;
}

/** Channels of planned deliveries: of the newest ones, or of all. */
export async function readPlannedChannels(tx: Tx, newest: number | null): Promise<string[]> {
  const rows = await tx<{ channel: string }[]>`
    select distinct channel from (
      select channel from deliveries where state = 'planned' order by updated_at desc limit ${newest}) planned
    order by channel`;
  return rows.map((row) => row.channel);
}

const columns = (tx: Tx) => tx`
  ${selectColumns(tx, deliveries, COLUMNS)},
  (extract(epoch from lease_until - clock_timestamp()) * 1000)::bigint as "leaseRemaining",
  (extract(epoch from repeat_until - clock_timestamp()) * 1000)::bigint as "repeatRemaining"`;

export async function readDelivery(tx: Tx, id: string): Promise<DeliveryRow | null> {
  const [row] = await tx<DeliveryRow[]>`select ${columns(tx)} from deliveries where id = ${id}`;
  return row ?? null;
}

export async function lockDelivery(tx: Tx, id: string): Promise<DeliveryRow | null> {
  const [row] = await tx<DeliveryRow[]>`select ${columns(tx)} from deliveries where id = ${id} for update`;
  return row ?? null;
}

export interface Claim {
  leaseMs: number;
  /** From now on the delivery counts for the shared caps of these. */
  subjects: { accountId: string | null; personKey: string | null };
  /** What is about to be sent; null: the kept message is repeated, and what is known of it stays. */
  message: ClaimedMessage | null;
}

interface ClaimedMessage {
  /** For how long the provider recognises a repeat; null if it recognises none. */
  repeatMs: number | null;
  /** Keyed hash of the address that the message goes to; null on a channel without addresses. */
  addressKey: string | null;
  /** To be kept instead of an earlier attempt's; null: nothing is kept. */
  content: Buffer | null;
}

/** Claims a locked delivery. Only the holder of the returned fencing token may write the result. */
export async function claimDelivery(
  tx: Tx,
  { id, fence: earlierFence }: Pick<DeliveryRow, 'id' | 'fence'>,
  { leaseMs, subjects, message }: Claim,
): Promise<number> {
  const content = message?.content ?? null;
  const [row] = await tx<{ fence: number }[]>`
    with earlier as (
      ${message !== null && earlierFence > 0 ? tx`delete from sent_messages where delivery_id = ${id}` : tx`select`}
    ), kept as (
      ${
        content === null
          ? tx`select`
          : tx`insert into sent_messages (delivery_id, workspace, content)
            select id, workspace, ${toHex(content)}::text::bytea from deliveries where id = ${id}`
      }
    )
    update deliveries set state = 'sending', fence = fence + 1, attempts = attempts + 1, error = null,
      claimed_at = clock_timestamp(), account_id = ${subjects.accountId}, person_key = ${subjects.personKey},
      lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond', updated_at = clock_timestamp()
      ${
        message === null
          ? tx``
          : tx`, address_key = ${message.addressKey},
            repeat_until = clock_timestamp() + ${message.repeatMs}::bigint * interval '1 millisecond'`
      }
    where id = ${id} returning fence`;
  return (row as { fence: number }).fence;
}

/**
 * Keeps the message of an attempt that is about to call its provider, so that a repeat sends the same. Nothing was sent
 * before. False: another attempt holds the delivery, and nothing may be sent.
 */
export async function keepPendingMessage(
  tx: Tx,
  id: string,
  fence: number,
  message: unknown,
): Promise<boolean> {
  const rows = await tx`
    update deliveries set pending_message = ${JSON.stringify(message)}::text::json
    where id = ${id} and fence = ${fence} and state = 'sending' returning id`;
  return rows.length > 0;
}

/** Leaves an attempt open that has ended without an answer: it is repeated after the pause. */
export async function postponeRepeat(
  tx: Tx,
  id: string,
  fence: number,
  { pauseMs, error }: { pauseMs: number; error: string },
): Promise<void> {
  await tx`
    update deliveries set lease_until = clock_timestamp() + ${pauseMs} * interval '1 millisecond',
      error = ${error}, updated_at = clock_timestamp()
    where id = ${id} and fence = ${fence} and state = 'sending'`;
}

export interface DeliveryResult {
  state: DeliveryState;
  at: number;
  error: string | null;
  providerId: string | null;
  locale: string | null;
  requestedLocale: string | null;
  /** The variant that was rendered; undefined: none was rendered. */
  variant?: string | null;
  verdict: ClaimRefusal | null;
  /** The attempt doesn't count: the next pause is no longer for it. */
  uncounted?: boolean;
  /** It is written only if there is a receipt. */
  ifReported?: boolean;
}

/**
 * Writes the result of a delivery if `fence` is its current token, and returns the state that it has then: `sent`, if a
 * receipt has shown meanwhile that the message left. Null: another process has ended it, or a receipt shows that it must
 * not be planned again.
 */
export async function endDelivery(
  tx: Tx,
  id: string,
  fence: number,
  result: DeliveryResult,
): Promise<DeliveryState | null> {
  const state = tx`case when ${result.state} = 'unknown' and receipts is not null then 'sent'
    when ${result.state} = 'failed' and receipts ?| ${MARKS_OF_ARRIVAL as string[]} then 'sent' else ${result.state} end`;
  const [row] = await tx<{ state: DeliveryState }[]>`
    update deliveries set state = ${state}, at = ${result.at}, error = ${result.error},
      provider_id = coalesce(${result.providerId}, provider_id), locale = coalesce(${result.locale}, locale),
      requested_locale = case when ${result.locale !== null} then ${result.requestedLocale} else requested_locale end,
      variant = case when ${result.variant !== undefined} then ${result.variant ?? null} else variant end,
      attempts = greatest(attempts - ${result.uncounted ? 1 : 0}::int, 0),
      verdict = ${JSON.stringify(result.verdict)}::text::jsonb, lease_until = null, pending_message = null,
      repeat_until = null, updated_at = clock_timestamp()
    where id = ${id} and fence = ${fence}
      and (${result.state} <> 'planned' or receipts is null)
      and (${!result.ifReported} or receipts is not null)
      and (state in ('sending', 'planned')
        or (${result.state} = 'sent' and (state = 'unknown' or (state = 'sent' and provider_id is null))))
    returning state`;
  return row?.state ?? null;
}

/** What a repeat has of the delivery that it names. Its customer is that of today, its time and state are its own. */
const REPEATED_COLUMNS = [
  'customerId',
  'workspace',
  'decisionId',
  'decidedAt',
  'enrollmentId',
  'action',
  'class',
  'purpose',
  'topic',
  'channel',
  'key',
  'subject',
  'bundleVersion',
  'entry',
  'variant',
  'cost',
  'couponId',
  'trace',
] as const;

/** Plans the repeat of a delivery. Does nothing if there is one already. */
export async function planRepeat(
  tx: Tx,
  id: string,
  repeat: { id: string; at: number; notAfter: number },
): Promise<void> {
  const copied = columnList(tx, deliveries, REPEATED_COLUMNS);
  await tx`
    insert into deliveries (id, repeats, state, at, not_after, ${copied})
    select ${repeat.id}, ${id}, 'planned', ${repeat.at}::bigint, ${repeat.notAfter}::bigint, ${copied}
    from deliveries where id = ${id} on conflict do nothing`;
}

/** Cancels a delivery that has not begun and that no decision will cancel. */
export async function cancelDelivery(tx: Tx, id: string, reason: string): Promise<void> {
  await tx`
    update deliveries set state = 'cancelled', error = ${reason}, updated_at = clock_timestamp()
    where id = ${id} and state in ('planned', 'held')`;
}

/** Deliveries that were begun and not finished: their lease has expired, and no attempt may repeat them any more. */
export async function findAbandonedDeliveries(
  tx: Tx,
  limit: number,
): Promise<{ id: string; customerId: string; workspace: string; channel: string }[]> {
  return tx<{ id: string; customerId: string; workspace: string; channel: string }[]>`
    select id, customer_id as "customerId", workspace, channel from deliveries
    where state = 'sending' and lease_until < statement_timestamp() - interval '10 seconds'
      and (repeat_until is null or repeat_until < statement_timestamp())
    order by lease_until limit ${limit}`;
}
