import { LRUCache } from 'lru-cache';
import type { BudgetQuery } from '../../../../db/decisions/budget-use.ts';
import type { ActionDef, Bundle, Entry } from '../../../domain/definition.ts';
import { EVENT } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { monthAround } from '../../../domain/time/zone.ts';
import { lookUpZone } from '../../time-zones.ts';

/** An action with a budget or an inventory, and the journeys that may choose it. */
export interface BudgetedAction {
  action: ActionDef;
  /** Journeys whose steps offer it. */
  journeys: Set<string>;
  /** Names of the events that open one of them; null where one opens without an event. */
  openingEvents: string[] | null;
}

/** The actions of a bundle that spend from a budget or an inventory. */
export function listBudgetedActions({ actions, journeys }: Bundle): BudgetedAction[] {
  return actions
    .filter((action) => action.budget !== null || action.inventory !== null)
    .map((action) => {
      const offering = journeys.filter(({ steps }) =>
        steps.some((step) => step.kind === 'decide' && step.actions.includes(action.id)),
      );
      const openings = offering.flatMap(({ enter }) => enter.map(openingEvent));
      const opening = openings.includes(null) ? null : [...openings, EVENT.merged];
      return {
        action,
        journeys: new Set(offering.map(({ id }) => id)),
        openingEvents: opening as string[] | null,
      };
    });
}

/** The event that opens the entry; null: it opens by time, or by a change of segment. */
function openingEvent(entry: Entry): string | null {
  if (entry.kind === 'event') return entry.trigger.on;
  if (entry.kind === 'api') return EVENT.enrollmentRequested;
  return entry.kind === 'schedule' ? EVENT.entryDue : null;
}

/**
 * The budgets that a journey's decision may spend from. Counting costs a scan, so an action is counted only for a
 * customer in one of its journeys, or with an event that opens one. Of several versions of an action the first counts.
 */
export function buildJourneyBudgetQuery(
  bundle: Bundle,
  budgeted: BudgetedAction[],
  enrollments: Pick<Enrollment, 'journey'>[],
  now: Instant,
): BudgetQuery[] {
  const actions = budgeted.map(({ action }) => action);
  return buildBudgetQuery(bundle, actions, now).map((query) => {
    const versions = budgeted.filter(({ action }) => action.id === query.action);
    const isInJourney = versions.some(({ journeys }) =>
      enrollments.some(({ journey }) => journeys.has(journey)),
    );
    const openings = versions.map(({ openingEvents }) => openingEvents);
    const openingEvents =
      isInJourney || openings.includes(null) ? null : openings.flatMap((names) => names ?? []);
    return { ...query, openingEvents };
  });
}

/** The budgets and inventories of these actions. */
export function buildBudgetQuery(
  { workspace: { timezone } }: Bundle,
  actions: ActionDef[],
  now: Instant,
  claim: BudgetQuery['claim'] = null,
): BudgetQuery[] {
  const kept = actions.filter(
    ({ id, budget, inventory }, index) =>
      (budget !== null || inventory !== null) && actions.findIndex((action) => action.id === id) === index,
  );
  if (kept.length === 0) return [];
  // Customers who share a budget may have different clocks, so its month is the wall clock's, like shared windows.
  const wallClock = Date.now();
  const { from, until } = findMonth(timezone, wallClock);
  const resetsAt = now + (until - wallClock);
  return kept.map(({ id, mode, budget, inventory }) => ({
    action: id,
    from,
    resetsAt,
    sharedByGroup: budget?.of === 'group',
    monthly: inventory?.per !== null,
    human: mode === 'human',
    openingEvents: null,
    claim,
  }));
}

const MONTHS = new LRUCache<string, { from: Instant; until: Instant }>({ max: 1_000 });

/** The calendar month of a zone, kept since every decision needs it. */
function findMonth(timezone: string, wallClock: Instant): { from: Instant; until: Instant } {
  const cached = MONTHS.get(timezone);
  if (cached && cached.from <= wallClock && wallClock < cached.until) return cached;
  const month = monthAround(lookUpZone(timezone, 'UTC', wallClock), wallClock);
  MONTHS.set(timezone, month);
  return month;
}
