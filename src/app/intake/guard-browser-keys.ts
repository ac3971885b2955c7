import { findGuardedStatement, mayBrowserState } from '../../domain/browser-key.ts';
import type { BrowserStatement, Bundle } from '../../domain/definition.ts';
import type { IncomingEvent } from './incoming-event.ts';
import { type Refusal, RefusedEvents } from './refused-events.ts';

const NEEDS_SERVER_KEY = 'needs_server_key';

type BundleOf = (event: IncomingEvent) => Bundle | null;

/**
 * Refuses events of browser keys that only servers may send.
 *
 * @throws RefusedEvents
 */
export function refuseGuardedEvents(events: readonly IncomingEvent[], bundleOf: BundleOf): void {
  const refusals = new Map<number, Refusal>();
  for (const [position, event] of events.entries()) {
    if (!event.fromBrowser) continue;
    const statement = findGuardedStatement(event);
    if (statement === null || mayBrowserState(bundleOf(event)?.workspace, statement)) continue;
    refusals.set(position, describe(statement));
  }
  if (refusals.size > 0) throw new RefusedEvents(refusals);
}

/**
 * Refuses events of browser keys that name their customer by an address or an external id alone.
 *
 * @throws RefusedEvents
 */
export function refuseUnprovenIdentities(positions: readonly number[]): void {
  if (positions.length === 0) return;
  const reason = 'a browser key names customers by userId or anonymousId, not by an address or external id';
  throw new RefusedEvents(
    new Map(positions.map((position) => [position, { code: NEEDS_SERVER_KEY, reason }])),
  );
}

/** Marks an event of a browser key that may not name an account, so that none is created or locked for it. */
export function withholdAccount(event: IncomingEvent, bundle: Bundle | null): IncomingEvent {
  if (!event.fromBrowser || event.context.groupId === undefined) return event;
  return mayBrowserState(bundle?.workspace, 'groups') ? event : { ...event, joinsNoAccount: true };
}

/** Whether the addresses and ids of other systems in the event identify no known customer. */
export function hasUnprovenIdentities(event: IncomingEvent, bundle: Bundle | null): boolean {
  return event.fromBrowser === true && !mayBrowserState(bundle?.workspace, 'addresses');
}

function describe(statement: BrowserStatement): Refusal {
  return {
    code: NEEDS_SERVER_KEY,
    reason: `${statement} need a server's write key: a browser key is public`,
  };
}
