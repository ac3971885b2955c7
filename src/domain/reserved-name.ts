import { classifyEvent, EVENT } from './event.ts';

/** Events that only Throughline emits. Write keys are public, so a sender must not be able to forge them. */
const RESERVED: ReadonlySet<string> = new Set<string>([
  EVENT.catalogueViewed,
  EVENT.ticketMoved,
  EVENT.ticketOverdue,
  EVENT.stageChanged,
]);

const RESERVED_PREFIXES = ['Delivery ', 'Action ', 'Task ', 'Coupon ', 'Segment '] as const;

/** Segment's e-commerce events for a shop's own coupons: senders may use these names. */
const ALLOWED: ReadonlySet<string> = new Set([
  'Coupon Entered',
  'Coupon Applied',
  'Coupon Denied',
  'Coupon Removed',
]);

/** Whether no sender may send an event of this name. */
export function isReservedName(name: string): boolean {
  if (RESERVED.has(name) || classifyEvent(name) === 'command') return true;
  return RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) && !ALLOWED.has(name);
}
