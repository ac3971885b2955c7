import type { BudgetWanted } from '../../db/queries/budget-use.ts';
import type { ActionDef, Bundle } from '../domain/definition.ts';
import type { Instant } from '../domain/time.ts';
import { monthAround } from '../domain/zone.ts';
import { zoneTable } from './zone-table.ts';

/** The budgets and inventories of these actions, each action's once: of several versions that which comes first. */
export function wantedBudgets(
  { workspace: { timezone } }: Bundle,
  actions: ActionDef[],
  now: Instant,
  claim: BudgetWanted['claim'] = null,
): BudgetWanted[] {
  const kept = actions.filter(
    ({ id, budget, inventory }, index) =>
      (budget !== null || inventory !== null) && actions.findIndex((action) => action.id === id) === index,
  );
  if (kept.length === 0) return [];
  // Who shares a budget may live by different clocks: its month is the wall's, as windows of shared caps are.
  const wall = Date.now();
  const { from, until } = monthAround(zoneTable(timezone, 'UTC', wall), wall);
  const resetsAt = now + (until - wall);
  return kept.map(({ id, mode, budget, inventory }) => ({
    action: id,
    from,
    resetsAt,
    ofGroup: budget?.of === 'group',
    monthly: inventory?.per !== null,
    human: mode === 'human',
    claim,
  }));
}
