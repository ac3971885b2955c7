import type { Instant } from './time/time.ts';

/** Names of events that Throughline itself gives a meaning. Never renamed once shipped: they stand in logs and bundles. */
export const EVENT = {
  ticketOpened: 'Ticket Opened',
  ticketUpdated: 'Ticket Updated',
  ticketClosed: 'Ticket Closed',
  consentChanged: 'Consent Changed',
  paymentFailed: 'Payment Failed',
  paused: 'Customer Paused',
  resumed: 'Customer Resumed',
  exitRequested: 'Enrollment Exit Requested',
  enrollmentRequested: 'Enrollment Requested',
  entryDue: 'Entry Due',
  snoozed: 'Customer Snoozed',
  preferencesChanged: 'Preferences Changed',
  merged: 'Customer Merged',
  unmerged: 'Customer Unmerged',
  ticketOverdue: 'Ticket Overdue',
  stageChanged: 'Stage Changed',
  segmentEntered: 'Segment Entered',
  segmentLeft: 'Segment Left',
  deliverySent: 'Delivery Sent',
  deliveryFailed: 'Delivery Failed',
  deliveryUnknown: 'Delivery Unknown',
  deliveryHeld: 'Delivery Held',
  actionShown: 'Action Shown',
  actionClicked: 'Action Clicked',
  actionAccepted: 'Action Accepted',
  actionRejected: 'Action Rejected',
  taskOpened: 'Task Opened',
  taskAcknowledged: 'Task Acknowledged',
  taskReleased: 'Task Released',
  taskEscalated: 'Task Escalated',
  taskResolved: 'Task Resolved',
  taskWithdrawn: 'Task Withdrawn',
  taskExpired: 'Task Expired',
  couponIssued: 'Coupon Issued',
  couponRedeemed: 'Coupon Redeemed',
  couponExpired: 'Coupon Expired',
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
export const EVENT_KINDS = ['purchase', 'ticket', 'consent', 'behaviour', 'outcome', 'command'] as const;
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
