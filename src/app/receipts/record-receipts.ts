import type { Tx } from '../../../db/client.ts';
import {
  type FoundDelivery,
  findReportedDeliveries,
  lockReportedDeliveries,
  type ReportedDelivery,
  saveReceipts,
} from '../../../db/deliveries/receipts.ts';
import { suppressAddress } from '../../../db/deliveries/suppressed-addresses.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { addReceipt, provesSent, type Receipt } from '../../domain/receipt.ts';
import type { Millis } from '../../domain/time/time.ts';
import { ClaimantChangedError, lockForClaim, runClaimTransaction } from '../decide/claim/lock.ts';
import type { DecisionServices } from '../decide/services.ts';
import { computeAddressKey } from '../identity/address-key.ts';
import { acceptInTransaction, type Intake } from '../intake/commit.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';
import { buildReceiptEvents, buildSentEvent, buildWithdrawals, readReason } from './receipt-events.ts';

export type ReceiptDeps = Intake & Pick<DecisionServices, 'onReceipt'>;

/** What became of a receipt. */
export type ReceiptOutcome =
  | { kind: 'recorded'; deliveryId: string; customerId: string }
  /** Nothing that was not known before. */
  | { kind: 'repeated'; deliveryId: string; customerId: string }
  /** No message of this workspace has that id, or not yet: the provider may report before its answer is written. */
  | { kind: 'unknown_delivery' }
  /** The customer was erased: nothing is kept. */
  | { kind: 'erased' };

/**
 * Records what was reported about messages of a workspace, in any order and as often as it comes: on the delivery, as an
 * event of the log in the same commit, and on the suppression list. Nothing here ever sends a message again.
 *
 * @param soonestAnswer opens and clicks sooner than this after the message was handed over are those of machines
 * @returns one outcome per receipt, in order
 */
export async function recordReceipts(
  deps: ReceiptDeps,
  workspace: string,
  receipts: readonly Receipt[],
  soonestAnswer: Millis = 0,
): Promise<ReceiptOutcome[]> {
  const found = await findReportedDeliveries(deps.db.sql, workspace, receipts);
  const outcomes = receipts.map((): ReceiptOutcome => ({ kind: 'unknown_delivery' }));
  const customers = new Set(found.flatMap((delivery) => delivery?.customerId ?? []));
  for (const customerId of [...customers].sort()) {
    const reports = receipts.flatMap((receipt, position): Report[] => {
      const delivery = found[position];
      return delivery?.customerId === customerId ? [{ position, receipt, delivery }] : [];
    });
    const recorded = await runClaimTransaction(deps.db, (tx) =>
      recordForCustomer(tx, { ...deps, soonestAnswer }, { workspace, customerId }, reports),
    );
    for (const [position, outcome] of recorded) outcomes[position] = outcome;
  }
  for (const [position, { kind, automatic = false }] of receipts.entries())
    deps.onReceipt?.({ workspace, kind, automatic, outcome: (outcomes[position] as ReceiptOutcome).kind });
  return outcomes;
}

interface Report {
  /** In the list of receipts. */
  position: number;
  receipt: Receipt;
  delivery: FoundDelivery;
}

type Recording = ReceiptDeps & { soonestAnswer: Millis };

interface Owner {
  workspace: string;
  customerId: string;
}

/** Takes the locks in the order of every effect's result: workspace, account, customer, deliveries, log. */
async function recordForCustomer(
  tx: Tx,
  deps: Recording,
  owner: Owner,
  reports: readonly Report[],
): Promise<Map<number, ReceiptOutcome>> {
  const claimant = await lockForClaim(tx, owner);
  if (!claimant || claimant.erased)
    return new Map(reports.map(({ position }) => [position, { kind: 'erased' }]));
  const current = { workspace: owner.workspace, customerId: claimant.customerId };
  const outcomes = new Map<number, ReceiptOutcome>();
  const rows = await lockReportedDeliveries(
    tx,
    [...new Set(reports.map(({ delivery }) => delivery.id))].sort(),
  );
  for (const row of rows) {
    if (row.customerId !== current.customerId)
      throw new ClaimantChangedError('the delivery went to another customer');
    const own = reports
      .filter(({ delivery, receipt }) => delivery.id === row.id && isForRecipient(deps, owner, row, receipt))
      .sort(byTime);
    if (own.length === 0) continue;
    const added = await recordForDelivery(
      tx,
      deps,
      current,
      row,
      own.map(({ receipt }) => receipt),
    );
    for (const [n, { position }] of own.entries())
      outcomes.set(position, {
        kind: added[n] ? 'recorded' : 'repeated',
        deliveryId: row.id,
        customerId: current.customerId,
      });
  }
  for (const { position } of reports)
    if (!outcomes.has(position)) outcomes.set(position, { kind: 'unknown_delivery' });
  return outcomes;
}

/** Whether the message went to the address that the report names, if it names one. */
function isForRecipient(
  { secret }: ReceiptDeps,
  { workspace }: Owner,
  { channel, addressKey }: ReportedDelivery,
  { recipient }: Receipt,
): boolean {
  if (recipient === undefined) return true;
  const address = normaliseEmailAddress(recipient);
  if (address === undefined || addressKey === null || !secret) return false;
  return computeAddressKey(secret, { workspace, channel, address }) === addressKey;
}

/** By time, then by kind, so that the same receipts are always in the same order. */
function byTime({ receipt: a }: Report, { receipt: b }: Report): number {
  return a.at - b.at || a.kind.localeCompare(b.kind);
}

/** Returns for each receipt whether it told something new. */
async function recordForDelivery(
  tx: Tx,
  deps: Recording,
  owner: Owner,
  row: ReportedDelivery,
  reported: readonly Receipt[],
): Promise<boolean[]> {
  // Whatever the sender's clock says: not before the message left, and not in the future.
  const [from, now] = [Math.floor(row.claimedAt ?? 0), Date.now()];
  const receipts = reported.map((receipt): Receipt => {
    const at = Math.min(Math.max(receipt.at, from), now);
    const isTooSoon = isAnswer(receipt) && at - from < deps.soonestAnswer;
    return { ...receipt, at, ...(isTooSoon ? { automatic: true } : {}) };
  });
  const before = row.receipts ?? {};
  const after = receipts.reduce(addReceipt, before);
  const isSent = provesSent(row.state, after);
  await saveReceipts(tx, row.id, {
    receipts: after,
    providerId: receipts.find(({ providerId }) => providerId)?.providerId ?? null,
    isSent,
    sentBefore: Math.min(...receipts.map(({ at }) => at)),
  });
  for (const receipt of receipts) await suppressReported(tx, owner.workspace, row, receipt);
  const own = buildReceiptEvents(owner, row, before, receipts);
  const others = isSent ? [buildSentEvent(owner, row)] : [];
  const accepted = await acceptAll(tx, deps, [...others, ...own.map(({ event }) => event)]);
  const fresh = new Set(own.filter((_, n) => accepted[others.length + n]).map(({ receipt }) => receipt));
  // A repeated receipt must not undo a consent that was given since.
  for (const receipt of fresh)
    if (receipt.kind === 'unsubscribed')
      await acceptAll(tx, deps, await buildWithdrawals(tx, owner, row, receipt));
  return receipts.map((receipt) => fresh.has(receipt));
}

function isAnswer({ kind }: Receipt): boolean {
  return kind === 'opened' || kind === 'clicked';
}

/** Returns for each event whether it was new. */
async function acceptAll(tx: Tx, deps: ReceiptDeps, events: IncomingEvent[]): Promise<boolean[]> {
  if (events.length === 0) return [];
  return (await acceptInTransaction(tx, deps, events)).map(({ status }) => status === 'accepted');
}

/** Suppresses the address of a message that bounced for good, or that its reader called spam. */
async function suppressReported(
  tx: Tx,
  workspace: string,
  { channel, addressKey }: ReportedDelivery,
  { kind, permanent, reason }: Receipt,
): Promise<void> {
  const isHarmful = kind === 'complained' || (kind === 'bounced' && permanent === true);
  if (!isHarmful || addressKey === null) return;
  await suppressAddress(tx, { workspace, channel, addressKey, reason: readReason(reason) ?? kind });
}
