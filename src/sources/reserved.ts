import { PREFERENCE_PAGE_SOURCE } from '../domain/customer/consent.ts';
import { ACCOUNT_SOURCE, CALL_NAMES, classifyEvent, EVENT } from '../domain/event.ts';

/** Told by Throughline alone. A write key is public, so nobody may forge them with one. */
const RESERVED: ReadonlySet<string> = new Set<string>([EVENT.ticketOverdue, EVENT.stageChanged]);

const PREFIXES = ['Delivery ', 'Action ', 'Task ', 'Coupon ', 'Segment '] as const;

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
  if (RESERVED.has(name) || classifyEvent(name) === 'command') return true;
  return PREFIXES.some((prefix) => name.startsWith(prefix)) && !OPEN.has(name);
}

export function isCallName(name: string): boolean {
  return CALLS.has(name);
}

/** How our own message ids begin: those of deliveries, tasks and echoes, of what decisions say, of sweeps, of merges. */
const OURS = [
  'dlv_',
  'tsk_',
  'evt_',
  'set:',
  'emit:',
  'seg:',
  'stage:',
  'overdue:',
  'sweep:',
  'throughline/',
] as const;

/**
 * Message ids of our own facts. Whoever could take one before us would make the fact a duplicate, and it would be
 * missing from the log.
 */
export function isReservedMessageId(messageId: string): boolean {
  return OURS.some((prefix) => messageId.startsWith(prefix));
}

/** Sources by which the core tells its own events from those of senders. */
const OWN_SOURCES: ReadonlySet<string> = new Set([
  ACCOUNT_SOURCE,
  PREFERENCE_PAGE_SOURCE,
  'throughline',
  'merge',
  'api',
  'signal',
]);

/** The source of what comes with a key: the key's label, told apart where it is one of our own. */
export function qualifySource(label: string): string {
  return OWN_SOURCES.has(label) || label.startsWith('journey:') ? `key:${label}` : label;
}
