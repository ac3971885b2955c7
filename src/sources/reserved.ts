import { COMMAND_SOURCE, PREFERENCE_PAGE_SOURCE } from '../domain/customer/consent.ts';
import { ACCOUNT_SOURCE, CALL_NAMES } from '../domain/event.ts';

/** Names that a `track` must not use, because the other calls have them. */
const CALLS: ReadonlySet<string> = new Set(Object.values(CALL_NAMES));

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
