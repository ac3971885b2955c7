import { markInboxItems } from '../../../db/inbox/mark-items.ts';
import { type InboxItem, readInboxItems } from '../../../db/inbox/read-items.ts';
import { EVENT } from '../../domain/event.ts';
import type { Receipt, ReceiptKind } from '../../domain/receipt.ts';
import { buildEffectEvent } from '../decide/claim/effect-event.ts';
import { lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import type { DecisionServices } from '../decide/services.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { acceptInTransaction } from '../intake/commit.ts';
import { recordReceipts } from '../receipts/record-receipts.ts';
import { recordNotFound } from '../use-case-error.ts';

/** What a customer does with an item. */
export type ItemStep = 'read' | 'click' | 'dismiss';

/** What each step reports about the message. */
const REPORTS: Readonly<Record<ItemStep, readonly ReceiptKind[]>> = {
  read: ['opened'],
  click: ['opened', 'clicked'],
  dismiss: [],
};

interface Owner {
  workspace: string;
  customerId: string;
}

/**
 * Records what the customer has done with an item: as receipts of its delivery, and on the item. Each step counts once,
 * however often it is reported, so a failure between the two commits is mended by the next call.
 *
 * @throws UseCaseError `not_found`
 */
export async function markItem(
  services: DecisionServices,
  owner: Owner,
  { id, step }: { id: string; step: ItemStep },
  inSameTransaction?: InSameTransaction<string>,
): Promise<string> {
  const [item] = await readInboxItems(services.db.sql, owner.customerId, [id]);
  if (!item) throw recordNotFound('inbox item');
  const receipts = REPORTS[step].map((kind) => buildReceipt(item, kind));
  if (receipts.length > 0) await recordReceipts(services, owner.workspace, receipts);
  return runClaimTransaction(services.db, async (tx) => {
    if (step === 'dismiss' && item.dismissedAt === null) {
      const claimant = await lockForClaim(tx, owner);
      if (!claimant || claimant.erased) throw recordNotFound('inbox item');
      const request = { workspace: owner.workspace, customerId: claimant.customerId, id };
      const { action, channel } = item;
      const properties = { delivery_id: id, action, channel };
      await acceptInTransaction(tx, services, [
        buildEffectEvent(request, EVENT.deliveryDismissed, '1', properties),
      ]);
    }
    await markInboxItems(tx, [id], step === 'dismiss' ? 'dismissed' : 'read');
    await inSameTransaction?.(tx, id);
    return id;
  });
}

/** Records that a browser or an app of the customer has fetched these items: they have arrived. */
export async function noteSeen(
  services: DecisionServices,
  workspace: string,
  items: readonly InboxItem[],
): Promise<void> {
  const fresh = items.filter(({ seenAt }) => seenAt === null);
  if (fresh.length === 0) return;
  const receipts = fresh.map((item) => buildReceipt(item, 'delivered'));
  await recordReceipts(services, workspace, receipts);
  const ids = fresh.map(({ deliveryId }) => deliveryId);
  await markInboxItems(services.db.sql, ids, 'seen');
}

function buildReceipt({ deliveryId, channel, url }: InboxItem, kind: ReceiptKind): Receipt {
  return {
    kind,
    channel,
    deliveryId,
    providerId: null,
    at: Date.now(),
    id: `inbox/${deliveryId}/${kind}`,
    ...(kind === 'clicked' && url !== null ? { url } : {}),
  };
}
