import type { Instant } from './time/time.ts';

/** Names of events that Throughline itself gives a meaning. Never renamed once shipped: they stand in logs and bundles. */
export const EVENT = {
  /** Sent by a help desk. Marketing is suppressed from now on. */
  ticketOpened: 'Ticket Opened',
  /** Sent by a help desk. The ticket's status, severity or subject changed. */
  ticketUpdated: 'Ticket Updated',
  /** Sent by a help desk. The cool-down begins. */
  ticketClosed: 'Ticket Closed',
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

/** An event of the log, as the core reads it. */
export interface JourneyEvent {
  id: string;
  /** Gapless per customer, in the order of commit. */
  seq: number;
  type: CallType;
  name: string;
  /** When it happened: the client's clock corrected by its own sending time, never after acceptance. */
  at: Instant;
  /** Wall clock. */
  acceptedAt: Instant;
  /** Backfill: folds the profile, enters nothing. */
  historical: boolean;
  source: string;
  messageId: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
  /** Customer for whom it was first accepted, if that one has been merged into this since. */
  origin: string | null;
}

/** What kinds of things a customer journey waits on. */
const EVENT_KINDS = ['purchase', 'ticket', 'consent', 'behaviour', 'outcome', 'command'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What undoes an order. */
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

const OUTCOMES = ['Delivery ', 'Action ', 'Task '] as const;
/** Ours. `Coupon Applied` and the like are what shops say of coupons of their own. */
const COUPONS = new Set<string>([
  EVENT.couponIssued,
  EVENT.couponRedeemed,
  EVENT.couponExpired,
  EVENT.couponRevoked,
]);

/** Source of an event that happened to another contact of the account, told to this one. It folds nothing here. */
export const ACCOUNT_SOURCE = 'account';

/** Whether it happened to another contact of the account: only what says `match: account` hears of it. */
export function isAccountEcho(event: Pick<JourneyEvent, 'source'>): boolean {
  return event.source === ACCOUNT_SOURCE;
}

/** What became of an action that was shown on the spot: a fact about the customer, and no enrollment's. */
export function isShownActionEvent(name: string): boolean {
  return name.startsWith('Action ');
}

/** Which kind an event is of, from its name alone. */
export function classifyEvent(name: string): EventKind {
  if (PURCHASE.has(name)) return 'purchase';
  if (name.startsWith('Ticket ')) return 'ticket';
  if (name === EVENT.consentChanged) return 'consent';
  if (COMMANDS.has(name)) return 'command';
  if (COUPONS.has(name) || OUTCOMES.some((prefix) => name.startsWith(prefix))) return 'outcome';
  return 'behaviour';
}

/** A string property, or undefined. Numbers count as strings, since ids often come as numbers. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return undefined;
}
