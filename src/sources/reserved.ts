import { COMMAND_SOURCE, PREFERENCE_PAGE_SOURCE } from '../domain/customer/consent.ts';
import { ACCOUNT_SOURCE, CALL_NAMES, classifyEvent, EVENT } from '../domain/event.ts';

/** Events that only Throughline emits. Write keys are public, so a sender must not be able to forge them. */
const RESERVED: ReadonlySet<string> = new Set<string>([
  EVENT.ticketMoved,
  EVENT.ticketOverdue,
  EVENT.stageChanged,
]);

const RESERVED_NAME_PREFIXES = ['Delivery ', 'Action ', 'Task ', 'Coupon ', 'Segment '] as const;

/** Segment's e-commerce events for a shop's own coupons: senders may use these names. */
const ALLOWED: ReadonlySet<string> = new Set([
  'Coupon Entered',
  'Coupon Applied',
  'Coupon Denied',
  'Coupon Removed',
]);

/** Names that a `track` must not use, because the other calls have them. */
const CALLS: ReadonlySet<string> = new Set(Object.values(CALL_NAMES));

export function isReservedName(name: string): boolean {
  if (RESERVED.has(name) || classifyEvent(name) === 'command') return true;
  return RESERVED_NAME_PREFIXES.some((prefix) => name.startsWith(prefix)) && !ALLOWED.has(name);
}

export function isCallName(name: string): boolean {
  return CALLS.has(name);
}

/** Sources by which the engine recognises its own events. */
const OWN_SOURCES: ReadonlySet<string> = new Set([
  ACCOUNT_SOURCE,
  PREFERENCE_PAGE_SOURCE,
  'throughline',
  'merge',
  COMMAND_SOURCE,
  'signal',
]);

/** Returns the source of a key's events: the key's label, with a prefix where it equals one of Throughline's own. */
export function qualifySource(label: string): string {
  return OWN_SOURCES.has(label) || label.startsWith('journey:') ? `key:${label}` : label;
}
