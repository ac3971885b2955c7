import { ORDER_EVENTS } from '../../domain/customer/order-account.ts';
import { TOUCH_EVENTS } from '../../domain/customer/touch.ts';
import type { Bundle, Interest } from '../../domain/definition.ts';
import { CALL_NAMES } from '../../domain/event.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { readReferences } from '../cel/compile-cel.ts';
import { listActionConditions, listConditions, listTriggers, listWatchedSegments } from './conditions.ts';

/** Events that change a variable. Tickets, consents, outcomes and commands wake customers anyway and aren't listed. */
const EVENTS_OF: Record<string, string[]> = {
  cart: [
    'Cart Viewed',
    'Cart Updated',
    'Product Added',
    'Product Removed',
    'Checkout Started',
    'Order Completed',
  ],
  orders: [...ORDER_EVENTS],
  scores: [...ORDER_EVENTS],
  account: [CALL_NAMES.group],
};

/** Every bundle depends on these: address, language and local time of a message. */
const DELIVERY_TRAITS = ['email', 'locale', 'timezone'];

/** Scores that depend on what customers look at, not only on what they buy. `*`: a computed name. */
const SCORES_OF_TOUCHES = ['intent', 'engagement', '*'];

type InterestedParts = Pick<Bundle, 'workspace' | 'segments' | 'journeys' | 'actions'>;

/**
 * Lists the events and traits that a bundle depends on: those of its triggers, and those that its conditions read. Any
 * other event can't change anything, so it doesn't wake the customer's workflow. The trait `*` stands for all: a
 * condition computes a name.
 */
export function compileInterest({ workspace, segments, journeys, actions }: InterestedParts): Interest {
  const triggers = [...journeys.flatMap(listTriggers), ...actions.flatMap(({ reward }) => reward ?? [])];
  const watched = new Set(journeys.flatMap(listWatchedSegments));
  const conditions = new Set([
    ...journeys.flatMap(listConditions),
    ...actions.flatMap(listActionConditions),
    ...segments.filter(({ id }) => watched.has(id)).map(({ when }) => when),
    ...workspace.stages.flatMap(({ when }) => when ?? []),
  ]);
  const scores = new Set([...conditions].flatMap((condition) => readReferences(condition).scores));
  if (scores.has('type') || scores.has('*')) for (const { when } of workspace.ideal) conditions.add(when);
  const events = new Set(triggers.map((trigger) => trigger.on));
  // An order may redeem a coupon.
  if (actions.some(({ coupon }) => coupon !== null)) events.add('Order Completed');
  if (SCORES_OF_TOUCHES.some((score) => scores.has(score)))
    for (const event of TOUCH_EVENTS) events.add(event);
  const traits = new Set([
    ...DELIVERY_TRAITS,
    ...Object.values(workspace.channels).flatMap(({ address }) => address ?? []),
  ]);
  const windows = new Map<string, number>();
  for (const condition of conditions) {
    const references = readReferences(condition);
    for (const name of references.events) events.add(name);
    for (const name of references.traits) traits.add(name);
    for (const root of references.roots) for (const name of EVENTS_OF[root] ?? []) events.add(name);
    for (const [name, days] of Object.entries(references.windows))
      windows.set(name, Math.max(days, windows.get(name) ?? 0));
  }
  return {
    events: sorted(events),
    traits: sorted(traits),
    accountEvents: sorted(triggers.filter((t) => t.match === 'account').map((t) => t.on)),
    windows: Object.fromEntries([...windows].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * Adds the interest of the previous bundle, for one with pinned journeys. Pinned enrollments continue under older
 * versions and must be woken by what those depend on. Which versions are still in use isn't known here, so nothing is
 * removed.
 */
export function mergePinnedInterest(
  interest: Interest,
  previous: Partial<Pick<Bundle, 'interest'>>,
): Interest {
  const older = previous.interest;
  if (!older) return interest;
  const windows = { ...interest.windows };
  for (const [name, days] of Object.entries(older.windows ?? {}))
    windows[name] = Math.max(days, getOwn(windows, name) ?? 0);
  return {
    events: sorted([...interest.events, ...older.events]),
    traits: sorted([...interest.traits, ...older.traits]),
    accountEvents: sorted([...interest.accountEvents, ...(older.accountEvents ?? [])]),
    windows,
  };
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
