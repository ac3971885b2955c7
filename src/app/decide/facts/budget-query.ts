import { LRUCache } from 'lru-cache';
import type { BudgetQuery } from '../../../../db/decisions/budget-use.ts';
import type { ActionDef, Bundle, Entry } from '../../../domain/definition.ts';
import { EVENT } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { monthAround } from '../../../domain/time/zone.ts';
import { lookUpZone } from '../../time-zones.ts';

/** An action with a budget or an inventory, and who may come to ask for it. */
export interface BudgetedAction {
  action: ActionDef;
  /** Journeys whose steps offer it. */
  journeys: Set<string>;
  /** Names of the events that open one of them; null where one opens without an event. */
  opening: string[] | null;
}

/** What a bundle's journeys spend from. */
export function listBudgetedActions({ actions, journeys }: Bundle): BudgetedAction[] {
  return actions
    .filter((action) => action.budget !== null || action.inventory !== null)
    .map((action) => {
      const offering = journeys.filter(({ steps }) =>
        steps.some((step) => step.kind === 'decide' && step.actions.includes(action.id)),
      );
      const openings = offering.flatMap(({ enter }) => enter.map(openedBy));
      const opening = openings.includes(null) ? null : [...openings, EVENT.merged];
      return { action, journeys: new Set(offering.map(({ id }) => id)), opening: opening as string[] | null };
    });
}

/** Null: by time, or by whatever moves somebody into a segment. */
function openedBy(entry: Entry): string | null {
  if (entry.kind === 'event') return entry.trigger.on;
  if (entry.kind === 'api') return EVENT.enrollmentRequested;
  return entry.kind === 'schedule' ? EVENT.entryDue : null;
}

/**
 * What a decision may have to count: of all who decide, few stand where something with a budget is offered, or are about
 * to, and only for them is it counted. Each action's once: of several versions that which comes first.
 */
export function buildJourneyBudgetQuery(
  bundle: Bundle,
  budgeted: BudgetedAction[],
  enrollments: Pick<Enrollment, 'journey'>[],
  now: Instant,
): BudgetQuery[] {
  const actions = budgeted.map(({ action }) => action);
  return buildBudgetQuery(bundle, actions, now).map((wanted) => {
    const versions = budgeted.filter(({ action }) => action.id === wanted.action);
    const stands = versions.some(({ journeys }) => enrollments.some(({ journey }) => journeys.has(journey)));
    const openings = versions.map(({ opening }) => opening);
    const opening = stands || openings.includes(null) ? null : openings.flatMap((names) => names ?? []);
    return { ...wanted, opening };
  });
}

/** The budgets and inventories of these actions, to be counted in any case. */
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
  // Who shares a budget may live by different clocks: its month is the wall's, as windows of shared caps are.
  const wall = Date.now();
  const { from, until } = monthOf(timezone, wall);
  const resetsAt = now + (until - wall);
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

/** The calendar month of a zone: reckoned once, since every decision of it asks. */
function monthOf(timezone: string, wall: Instant): { from: Instant; until: Instant } {
  const known = MONTHS.get(timezone);
  if (known && known.from <= wall && wall < known.until) return known;
  const month = monthAround(lookUpZone(timezone, 'UTC', wall), wall);
  MONTHS.set(timezone, month);
  return month;
}
