import type { ActionClass } from './definition.ts';
import type { DeliveryState } from './delivery.ts';
import { EVENT } from './event.ts';
import type { Instant } from './time/time.ts';
import { getOwn } from './values/get-own.ts';

/**
 * What a provider, a mail server or a tracked link reports about a message that has left. `bounced` is every final
 * non-delivery, whatever the provider calls it.
 */
export const RECEIPT_KINDS = [
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
  'unsubscribed',
] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

/** One report about one message. */
export interface Receipt {
  kind: ReceiptKind;
  /** Null: its sender doesn't know the channel. */
  channel: string | null;
  /** The delivery, from a custom argument, a tag or the Message-ID; null if the sender knows only the provider's id. */
  deliveryId: string | null;
  /** The provider's id of the message. */
  providerId: string | null;
  /** The sender's time. */
  at: Instant;
  /** The sender's id of the report. The same id again is the same report. */
  id: string;
  /** Clicked: where the link leads. */
  url?: string;
  /** Clicked: the place of the link in the message, from 0. */
  position?: number;
  /** The address that the report names, where anybody could have sent it: it counts only for a mail to that address. */
  recipient?: string;
  /** Opened or clicked by a proxy or a scanner, and not by the customer. */
  automatic?: boolean;
  /** Bounced: a later message to this address would bounce as well. */
  permanent?: boolean;
  /** The provider's code or reason, without personal data. */
  reason?: string;
}

/** What a delivery remembers of its receipts: of each of these the earliest time. */
export const RECEIPT_MARKS = [
  'delivered',
  'opened',
  'openedAutomatically',
  'clicked',
  'clickedAutomatically',
  'bounced',
  'bouncedPermanently',
  'complained',
  'unsubscribed',
] as const;
export type ReceiptMark = (typeof RECEIPT_MARKS)[number];
export type ReceiptTimes = Partial<Record<ReceiptMark, Instant>>;

/** Marks that only a message has which reached the mailbox or the device. */
export const MARKS_OF_ARRIVAL: readonly ReceiptMark[] = RECEIPT_MARKS.filter(
  (mark) => mark !== 'bounced' && mark !== 'bouncedPermanently',
);

const EVENT_OF = {
  delivered: EVENT.deliveryDelivered,
  opened: EVENT.deliveryOpened,
  openedAutomatically: EVENT.deliveryOpenedAutomatically,
  clicked: EVENT.deliveryClicked,
  clickedAutomatically: EVENT.deliveryClickedAutomatically,
  bounced: EVENT.deliveryBounced,
  bouncedPermanently: EVENT.deliveryBounced,
  complained: EVENT.deliveryComplained,
  unsubscribed: EVENT.deliveryUnsubscribed,
} as const satisfies Record<ReceiptMark, (typeof EVENT)[keyof typeof EVENT]>;

/** The event that reports a receipt. An automatic open or click has one of its own, so that nothing counts it. */
export function eventOf(receipt: Receipt) {
  return EVENT_OF[markOf(receipt)];
}

const RECEIPT_EVENTS: ReadonlySet<string> = new Set(Object.values(EVENT_OF));

/** Whether the event reports a receipt. */
export function isReceiptEvent(name: string): boolean {
  return RECEIPT_EVENTS.has(name);
}

/** The kind of receipt that an event reports, done by the customer; undefined for other events. */
export function kindOfReceiptEvent(name: string): ReceiptKind | undefined {
  return RECEIPT_KINDS.find((kind) => EVENT_OF[kind] === name);
}

/** Whether this server may count clicks and opens: other messages belong to a contract, and often hold links that work once. */
export function isTrackedClass(actionClass: ActionClass): boolean {
  return actionClass === 'marketing' || actionClass === 'service';
}

export function markOf({ kind, automatic, permanent }: Receipt): ReceiptMark {
  if (kind === 'bounced') return permanent ? 'bouncedPermanently' : 'bounced';
  if (automatic && kind === 'opened') return 'openedAutomatically';
  if (automatic && kind === 'clicked') return 'clickedAutomatically';
  return kind;
}

/** Adds a receipt. The result depends neither on the order of receipts nor on how often each comes. */
export function addReceipt(times: ReceiptTimes, receipt: Receipt): ReceiptTimes {
  const mark = markOf(receipt);
  const known = getOwn(times, mark);
  return known !== undefined && known <= receipt.at ? times : { ...times, [mark]: receipt.at };
}

/** How far a message got, lowest first. A temporary bounce says less than a delivery: the provider tried again. */
export const DELIVERY_STAGES = [
  'bounced',
  'delivered',
  'bounced_permanently',
  'opened',
  'clicked',
  'unsubscribed',
  'complained',
] as const;
export type DeliveryStage = (typeof DELIVERY_STAGES)[number];

const STAGE_OF: Readonly<Record<ReceiptMark, DeliveryStage>> = {
  delivered: 'delivered',
  opened: 'opened',
  openedAutomatically: 'delivered',
  clicked: 'clicked',
  clickedAutomatically: 'delivered',
  bounced: 'bounced',
  bouncedPermanently: 'bounced_permanently',
  complained: 'complained',
  unsubscribed: 'unsubscribed',
};

/** The highest stage that receipts show; null without any. */
export function readStage(times: ReceiptTimes): DeliveryStage | null {
  const ranks = listMarks(times).map((mark) => DELIVERY_STAGES.indexOf(STAGE_OF[mark]));
  return ranks.length === 0 ? null : (DELIVERY_STAGES[Math.max(...ranks)] as DeliveryStage);
}

/** When the message is known to have arrived: an open, a click, a complaint and a withdrawal show it too. */
export function readArrival(times: ReceiptTimes): Instant | null {
  const shown = listMarks(times).filter((mark) => MARKS_OF_ARRIVAL.includes(mark));
  return shown.length === 0 ? null : Math.min(...shown.map((mark) => times[mark] as Instant));
}

/**
 * Whether receipts show that a delivery was sent which has another state: nobody reports what never left. While an
 * attempt is under way, its own result decides. After a refusal only an arrival shows that the message left after all.
 */
export function provesSent(state: DeliveryState, times: ReceiptTimes): boolean {
  if (state === 'sent' || state === 'sending') return false;
  return state === 'failed' ? readArrival(times) !== null : listMarks(times).length > 0;
}

function listMarks(times: ReceiptTimes): ReceiptMark[] {
  return RECEIPT_MARKS.filter((mark) => getOwn(times, mark) !== undefined);
}
