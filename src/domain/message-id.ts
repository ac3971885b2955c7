/** Prefixes of Throughline's own message ids: deliveries, tasks, echoes, events of decisions, sweeps and merges. */
const RESERVED_PREFIXES = [
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
 * Whether a message id is reserved for Throughline's own events. A sender that used one first would make our event a
 * duplicate, and it would be missing from the log.
 */
export function isReservedMessageId(messageId: string): boolean {
  return RESERVED_PREFIXES.some((prefix) => messageId.startsWith(prefix));
}
