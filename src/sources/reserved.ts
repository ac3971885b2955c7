import { CALL_NAMES, EVENT } from '../domain/event.ts';

/** Told by Throughline alone. A write key is public, so nobody may forge them with one. */
const RESERVED: ReadonlySet<string> = new Set<string>([
  EVENT.paused,
  EVENT.resumed,
  EVENT.exitRequested,
  'Customer Merged',
  'Stage Changed',
]);

const PREFIXES = ['Delivery ', 'Task ', 'Coupon ', 'Segment '] as const;

/** Segment's e-commerce events of shops that have coupons of their own. */
const OPEN: ReadonlySet<string> = new Set([
  'Coupon Entered',
  'Coupon Applied',
  'Coupon Denied',
  'Coupon Removed',
]);

/** Names that a `track` can't take since the other calls have them. */
const CALLS: ReadonlySet<string> = new Set(Object.values(CALL_NAMES));

export function isReservedName(name: string): boolean {
  return RESERVED.has(name) || (PREFIXES.some((prefix) => name.startsWith(prefix)) && !OPEN.has(name));
}

export function isCallName(name: string): boolean {
  return CALLS.has(name);
}

/**
 * Message ids of our own facts. Whoever could take one before us would make the fact a duplicate, and it would be
 * missing from the log.
 */
export function isReservedMessageId(messageId: string): boolean {
  return messageId.startsWith('dlv_') || messageId.startsWith('tsk_') || messageId.startsWith('throughline/');
}
