import type { ActionDef, Cel, Interest, JourneyDef, Step } from '../domain/definition.ts';
import { references } from './cel.ts';

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
};

/** Whatever a bundle says: where to write to, when, and in which language. */
const ALWAYS = ['email', 'locale', 'timezone'];

/**
 * What a bundle looks at: the events of its triggers, and what its conditions depend on. An event of none of these
 * can change nothing, so it wakes nobody. `*` among the traits: a condition computes their names.
 */
export function compileInterest({
  journeys,
  actions,
}: {
  journeys: JourneyDef[];
  actions: ActionDef[];
}): Interest {
  const events = new Set<string>(journeys.flatMap(eventsOf));
  const traits = new Set<string>(ALWAYS);
  for (const condition of [...journeys.flatMap(conditionsOf), ...actions.flatMap(conditionsOfAction)]) {
    const found = references(condition);
    for (const name of found.events) events.add(name);
    for (const name of found.traits) traits.add(name);
    for (const root of found.roots) for (const name of FED_BY[root] ?? []) events.add(name);
  }
  return { events: [...events].sort(), traits: [...traits].sort() };
}

function eventsOf(journey: JourneyDef): string[] {
  return [
    ...journey.enter.map((entry) => entry.on),
    ...(journey.goal ? [journey.goal.on] : []),
    ...journey.exit.flatMap((exit) => (exit.kind === 'event' ? [exit.trigger.on] : [])),
    ...journey.steps.flatMap((step) => {
      if (step.kind !== 'wait') return [];
      return step.until.flatMap((until) => (until.kind === 'event' ? [until.trigger.on] : []));
    }),
  ];
}

function conditionsOf(journey: JourneyDef): Cel[] {
  return present([
    ...journey.enter.map((entry) => entry.when),
    journey.goal?.when,
    ...journey.exit.map(whenOf),
    ...journey.steps.flatMap(conditionsOfStep),
  ]);
}

function conditionsOfStep(step: Step): (Cel | null)[] {
  if (step.kind === 'wait') return step.until.map(whenOf);
  return step.kind === 'branch' ? step.arms.map((arm) => arm.when) : [];
}

function whenOf(
  item: { kind: 'event'; trigger: { when: Cel | null } } | { kind: 'when'; when: Cel } | { kind: 'after' },
): Cel | null {
  if (item.kind === 'event') return item.trigger.when;
  return item.kind === 'when' ? item.when : null;
}

function conditionsOfAction(action: ActionDef): Cel[] {
  return present([action.eligible, action.applicable, action.suitable, action.value, action.cost]);
}

function present(conditions: (Cel | null | undefined)[]): Cel[] {
  return conditions.filter((condition): condition is Cel => typeof condition === 'string');
}
