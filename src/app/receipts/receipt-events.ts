import { createHash } from 'node:crypto';
import type { Tx } from '../../../db/client.ts';
import { readConsentsOf } from '../../../db/customers/read-consents.ts';
import type { ReportedDelivery } from '../../../db/deliveries/receipts.ts';
import { PREFERENCE_PAGE_SOURCE, resolveConsent } from '../../domain/customer/consent.ts';
import { EVENT } from '../../domain/event.ts';
import { eventOf, markOf, type Receipt, type ReceiptMark, type ReceiptTimes } from '../../domain/receipt.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { buildEffectEvent } from '../decide/claim/effect-event.ts';
import { describeDelivery } from '../deliver/end-delivery.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';

interface Owner {
  workspace: string;
  customerId: string;
}

/** Each open, click and withdrawal is an event; everything else happens to a message once. */
const EACH_COUNTS: ReadonlySet<Receipt['kind']> = new Set(['opened', 'clicked', 'unsubscribed']);
const LONGEST_REASON = 200;

/**
 * The events of receipts. Of a receipt that tells a known fact again there is none, or one with the message id of the
 * first, so that acceptance knows it.
 */
export function buildReceiptEvents(
  owner: Owner,
  row: ReportedDelivery,
  before: ReceiptTimes,
  receipts: readonly Receipt[],
): { receipt: Receipt; event: IncomingEvent }[] {
  const known = new Set<ReceiptMark>();
  return receipts.flatMap((receipt) => {
    const mark = markOf(receipt);
    const isOnce = !EACH_COUNTS.has(receipt.kind);
    if (isOnce && (known.has(mark) || getOwn(before, mark) !== undefined)) return [];
    known.add(mark);
    const properties = { ...describeDelivery(row), ...describeReceipt(receipt) };
    // With the content in the id, no two events that differ have one id.
    const key = isOnce ? mark : digest([receipt.id, properties]);
    const event = buildEffectEvent({ ...owner, id: row.id }, eventOf(receipt), key, properties);
    return [{ receipt, event: { ...event, at: receipt.at } }];
  });
}

function describeReceipt({ kind, url, position, automatic, permanent, reason }: Receipt) {
  const text = readReason(reason);
  return {
    ...(url === undefined ? {} : { url }),
    ...(position === undefined ? {} : { position }),
    ...(automatic && (kind === 'opened' || kind === 'clicked') ? { automatic } : {}),
    ...(kind === 'bounced' ? { permanent: permanent === true } : {}),
    ...(text === null ? {} : { reason: text }),
  };
}

/** A provider's reason in short; null if there is none, or if it may name somebody. */
export function readReason(reason: string | undefined): string | null {
  const text = reason?.trim() ?? '';
  return text === '' || text.includes('@') ? null : text.slice(0, LONGEST_REASON);
}

/** The event of a delivery of which a receipt shows that it was sent; the same as that of the attempt itself. */
export function buildSentEvent(owner: Owner, row: ReportedDelivery): IncomingEvent {
  return buildEffectEvent(
    { ...owner, id: row.id },
    EVENT.deliverySent,
    String(row.fence),
    describeDelivery(row),
  );
}

/**
 * Withdraws the consent under which a message was sent, as our own link does; of a message that is no marketing, the
 * consent to the marketing of its channel. Nothing is withdrawn twice. A consent that was given after it stays.
 */
export async function buildWithdrawals(
  tx: Tx,
  owner: Owner,
  { id, class: actionClass, purpose, channel, topic }: ReportedDelivery,
  receipt: Receipt,
): Promise<IncomingEvent[]> {
  const scope =
    actionClass === 'marketing'
      ? { purpose, channel, topic: topic ?? '*' }
      : { purpose: 'marketing', channel, topic: '*' };
  const consents = (await readConsentsOf(tx, [owner.customerId])).get(owner.customerId) ?? [];
  if (resolveConsent(consents, scope.purpose, scope.channel, scope.topic)?.status === 'withdrawn') return [];
  const properties = {
    ...scope,
    status: 'withdrawn',
    source: 'unsubscribe_link',
    actor: 'customer',
    delivery_id: id,
  };
  const event = buildEffectEvent({ ...owner, id }, EVENT.consentChanged, digest(receipt.id), properties);
  return [{ ...event, at: receipt.at, source: PREFERENCE_PAGE_SOURCE }];
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
