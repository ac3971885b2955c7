import { TOUCH_EVENTS } from '../../domain/customer/touch.ts';
import type { Bundle, Interest } from '../../domain/definition.ts';
import { CALL_NAMES } from '../../domain/event.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { readReferences } from '../cel/compile-cel.ts';
import { listActionConditions, listConditions, listTriggers, listWatchedSegments } from './conditions.ts';

/** Events that change what a variable reads. Tickets, consents, outcomes and commands always wake, so they aren't listed. */
const FED_BY: Record<string, string[]> = {
  cart: [
    'Cart Viewed',
    'Cart Updated',
    'Product Added',
    'Product Removed',
    'Checkout Started',
    'Order Completed',
  ],
  orders: ['Order Completed', 'Order Refunded', 'Order Cancelled'],
  scores: ['Order Completed', 'Order Refunded', 'Order Cancelled'],
  account: [CALL_NAMES.group],
};

/** Whatever a bundle says: where to write to, when, and in which language. */
const ALWAYS = ['email', 'locale', 'timezone'];

/** Scores that come out of what customers look at, not of what they buy alone. */
const FED_BY_TOUCHES = ['intent', 'engagement', '*'];

type Looking = Pick<Bundle, 'workspace' | 'segments' | 'journeys' | 'actions'>;

/**
 * What a bundle looks at: the events of its triggers, and what its conditions depend on. An event of none of these
 * can change nothing, so it wakes nobody. `*` among the traits: a condition computes their names.
 */
export function compileInterest({ workspace, segments, journeys, actions }: Looking): Interest {
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
  // An order may use a coupon up.
  if (actions.some(({ coupon }) => coupon !== null)) events.add('Order Completed');
  if (FED_BY_TOUCHES.some((score) => scores.has(score))) for (const event of TOUCH_EVENTS) events.add(event);
  const traits = new Set([
    ...ALWAYS,
    ...Object.values(workspace.channels).flatMap(({ address }) => address ?? []),
  ]);
  const windows = new Map<string, number>();
  for (const condition of conditions) {
    const found = readReferences(condition);
    for (const name of found.events) events.add(name);
    for (const name of found.traits) traits.add(name);
    for (const root of found.roots) for (const name of FED_BY[root] ?? []) events.add(name);
    for (const [name, days] of Object.entries(found.windows))
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
 * Enrollments that are pinned go on under older versions, and must be woken by what those look at. Which of them are
 * still there isn't known here, so nothing that a pinning bundle looked at is forgotten.
 */
export function mergePinnedInterest(
  interest: Interest,
  previous: Partial<Pick<Bundle, 'interest'>>,
): Interest {
  const before = previous.interest;
  if (!before) return interest;
  const windows = { ...interest.windows };
  for (const [name, days] of Object.entries(before.windows ?? {}))
    windows[name] = Math.max(days, getOwn(windows, name) ?? 0);
  return {
    events: sorted([...interest.events, ...before.events]),
    traits: sorted([...interest.traits, ...before.traits]),
    accountEvents: sorted([...interest.accountEvents, ...(before.accountEvents ?? [])]),
    windows,
  };
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
