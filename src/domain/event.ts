import type { Instant } from './time/time.ts';

/**
 * Names of events that have a meaning to Throughline itself. Logs and bundles contain them, so they are never
 * renamed.
 */
export const EVENT = {
  /** Sent by a help desk. Marketing is suppressed from now on. */
  ticketOpened: 'Ticket Opened',
  /** Sent by a help desk. The ticket's status, severity or subject changed. */
  ticketUpdated: 'Ticket Updated',
  /** Sent by a help desk. The cool-down begins. */
  ticketClosed: 'Ticket Closed',
  /** The help desk gave the ticket to another customer. */
  ticketMoved: 'Ticket Moved',
  /** Consent for a purpose, channel and topic was granted or withdrawn. */
  consentChanged: 'Consent Changed',
  /** Sent by a shop. A payment of an order failed. */
  paymentFailed: 'Payment Failed',
  /** Command. Only mandatory and transactional actions remain. */
  paused: 'Customer Paused',
  /** Command. Ends a pause. */
  resumed: 'Customer Resumed',
  /** Command. Ends one enrollment. */
  exitRequested: 'Enrollment Exit Requested',
  /** Command. Enters a journey whose entry allows it. */
  enrollmentRequested: 'Enrollment Requested',
  /** Appended by a sweep. A schedule, a segment or a date may enter. */
  entryDue: 'Entry Due',
  /** The customer asked for silence, of all marketing or of topics. */
  snoozed: 'Customer Snoozed',
  /** The customer changed topics or the level of personalisation. */
  preferencesChanged: 'Preferences Changed',
  /** Another customer was merged into this one. */
  merged: 'Customer Merged',
  /** A merge was undone. The events went to a new customer. */
  unmerged: 'Customer Unmerged',
  /** The customer opened the catalogue of a message. */
  catalogueViewed: 'Catalogue Viewed',
  /** Emitted by a decision. A ticket is older than its maximum age. */
  ticketOverdue: 'Ticket Overdue',
  /** Emitted by a decision. The customer's stage changed. */
  stageChanged: 'Stage Changed',
  /** Emitted by a decision. The customer came into a watched segment. */
  segmentEntered: 'Segment Entered',
  /** Emitted by a decision. The customer left a watched segment. */
  segmentLeft: 'Segment Left',
  /** Result of a delivery. The provider accepted it. */
  deliverySent: 'Delivery Sent',
  /** Result of a delivery. The provider refused it. */
  deliveryFailed: 'Delivery Failed',
  /** Result of a delivery. The provider gave no definite answer. */
  deliveryUnknown: 'Delivery Unknown',
  /** Result of a delivery. The claim's gates refused it. */
  deliveryHeld: 'Delivery Held',
  /** Receipt. The message arrived. */
  deliveryDelivered: 'Delivery Delivered',
  /** Receipt. The customer opened the message. */
  deliveryOpened: 'Delivery Opened',
  /** Receipt. A proxy or a scanner loaded the message. */
  deliveryOpenedAutomatically: 'Delivery Opened Automatically',
  /** Receipt. The customer followed a link of the message. */
  deliveryClicked: 'Delivery Clicked',
  /** Receipt. A scanner or a preview followed a link of the message. */
  deliveryClickedAutomatically: 'Delivery Clicked Automatically',
  /** Receipt. The message could not be delivered. */
  deliveryBounced: 'Delivery Bounced',
  /** Receipt. The customer called the message spam. */
  deliveryComplained: 'Delivery Complained',
  /** Receipt. The customer unsubscribed at the provider. */
  deliveryUnsubscribed: 'Delivery Unsubscribed',
  /** Command. A message is sent again, as a delivery of its own. */
  deliveryRepeated: 'Delivery Repeated',
  /** The customer removed the message from their inbox. */
  deliveryDismissed: 'Delivery Dismissed',
  /** Outcome of a real-time decision. From now on it is a contact. */
  actionShown: 'Action Shown',
  /** Outcome. The customer clicked. */
  actionClicked: 'Action Clicked',
  /** Outcome. The customer accepted the offer. */
  actionAccepted: 'Action Accepted',
  /** Outcome. The customer waved the offer away. */
  actionRejected: 'Action Rejected',
  /** An agent task is on the agent desk. */
  taskOpened: 'Task Opened',
  /** An agent claimed the task. */
  taskAcknowledged: 'Task Acknowledged',
  /** An agent gave the task back. */
  taskReleased: 'Task Released',
  /** An agent put the task off until a time. */
  taskSnoozed: 'Task Snoozed',
  /** The task was not acknowledged in time and went to the next queue. */
  taskEscalated: 'Task Escalated',
  /** An agent resolved or dismissed the task. */
  taskResolved: 'Task Resolved',
  /** The task is no longer wanted, for example after a ticket. */
  taskWithdrawn: 'Task Withdrawn',
  /** The task was not resolved in time. */
  taskExpired: 'Task Expired',
  /** A decision issued a coupon. */
  couponIssued: 'Coupon Issued',
  /** An order or a call of the shop redeemed the coupon. */
  couponRedeemed: 'Coupon Redeemed',
  /** The coupon's time ended. */
  couponExpired: 'Coupon Expired',
  /** The coupon was revoked, for example after fraud. */
  couponRevoked: 'Coupon Revoked',
} as const;

/** Segment's six calls. Identify, page, screen, group and alias carry a fixed name, so that a trigger can name them. */
export const CALL_TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type CallType = (typeof CALL_TYPES)[number];

export const CALL_NAMES: Record<Exclude<CallType, 'track'>, string> = {
  identify: 'Customer Identified',
  page: 'Page Viewed',
  screen: 'Screen Viewed',
  group: 'Group Joined',
  alias: 'Alias Made',
};

/** An event of a customer's log. */
export interface JourneyEvent {
  id: string;
  /** Sequence number: without gaps per customer, in the order of commit. */
  seq: number;
  type: CallType;
  name: string;
  /** When it happened: the client's clock corrected by the client's sending time, never later than the acceptance. */
  at: Instant;
  /** When the API accepted it. Wall clock. */
  acceptedAt: Instant;
  /** Part of a backfill: it updates the profile and enters no journey. */
  historical: boolean;
  source: string;
  messageId: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
  /** The device that sent it. The log keeps it with statements of consent only. */
  anonymousId?: string | null;
  /** Traits with addresses that only a browser key has stated. */
  unproven?: readonly string[] | null;
  /** The customer for whom it was accepted, if that customer has since been merged into this one. */
  origin: string | null;
  /** The id of the event whose fact it repeats. Such an event is in the log, but triggers and counts nothing. */
  repeats?: string | null;
}

/** The kinds of events that a customer journey waits for. */
export const EVENT_KINDS = ['purchase', 'ticket', 'consent', 'behaviour', 'outcome', 'command'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Names of the events that undo an order. */
export const ORDER_REVERSALS: readonly string[] = ['Order Refunded', 'Order Cancelled'];

const PURCHASE = new Set([
  'Order Completed',
  'Order Updated',
  ...ORDER_REVERSALS,
  'Payment Failed',
  'Checkout Started',
]);
const COMMANDS = new Set<string>([
  EVENT.paused,
  EVENT.resumed,
  EVENT.exitRequested,
  EVENT.enrollmentRequested,
  EVENT.entryDue,
  EVENT.snoozed,
  EVENT.preferencesChanged,
  EVENT.merged,
  EVENT.unmerged,
]);

/** Commands by which support has a parked customer decided again at once. */
export const RETRY_COMMANDS: readonly string[] = [
  EVENT.paused,
  EVENT.resumed,
  EVENT.exitRequested,
  EVENT.enrollmentRequested,
];

const OUTCOMES = ['Delivery ', 'Action ', 'Task '] as const;
/** Events of Throughline's coupons. `Coupon Applied` and the like are about the shop's own coupons. */
const COUPONS = new Set<string>([
  EVENT.couponIssued,
  EVENT.couponRedeemed,
  EVENT.couponExpired,
  EVENT.couponRevoked,
]);

/**
 * Source of an event of another member of the account, copied to this customer's log. It does not change the profile.
 */
export const ACCOUNT_SOURCE = 'account';

/** Whether the event is another member's. Only triggers with `match: account` match it. */
export function isAccountEcho(event: Pick<JourneyEvent, 'source'>): boolean {
  return event.source === ACCOUNT_SOURCE;
}

/**
 * Whether the event is about an action shown by a real-time decision. It belongs to the customer, not to an
 * enrollment.
 */
export function isShownActionEvent(name: string): boolean {
  return name.startsWith('Action ');
}

/** Which names make an event of a kind. The first rule that fits applies; an event that none fits is behaviour. */
export const EVENT_KIND_RULES: readonly {
  kind: Exclude<EventKind, 'behaviour'>;
  names: readonly string[];
  prefixes: readonly string[];
}[] = [
  { kind: 'purchase', names: [...PURCHASE], prefixes: [] },
  { kind: 'ticket', names: [], prefixes: ['Ticket '] },
  { kind: 'consent', names: [EVENT.consentChanged], prefixes: [] },
  { kind: 'command', names: [...COMMANDS], prefixes: [] },
  { kind: 'outcome', names: [...COUPONS], prefixes: OUTCOMES },
];

/** The kind of an event, from its name alone. */
export function classifyEvent(name: string): EventKind {
  const rule = EVENT_KIND_RULES.find(
    ({ names, prefixes }) => names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return rule?.kind ?? 'behaviour';
}

/** A property as text; undefined for anything but text and numbers. Senders often have ids as numbers. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return undefined;
}
