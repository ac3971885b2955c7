import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { BudgetUse, DecisionRequest } from '../../domain/facts.ts';
import { computeCost } from '../treatment/cost.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'budget';

/**
 * What an action may cost in a month, and how many of it may be given away, counted over all customers. A decision
 * counts what is reserved; the claim counts again, under the lock of the action, what has begun: who comes too late is
 * held. So neither is ever exceeded, however many decide at once.
 */
export const budget: Gate = (candidate, situation) => {
  const { action } = candidate;
  if (action.budget === null && action.inventory === null) return pass(GATE);
  const use = situation.facts.budgets.find((one) => one.action === action.id);
  if (!use) throw new Error(`nobody has counted the budget of ${action.id}`);
  const taken = takenNow(candidate, situation);
  const cost = candidate.reservedCost ?? computeCost(candidate, situation);
  return [...money(action, use, cost, taken), ...units(action, use, taken)];
};

/** Chosen in this very decision for other enrollments: rows are yet to be written. */
function takenNow({ action, enrollment }: Candidate, { facts }: DecisionRequest): number {
  const now = facts.deliveries.filter(
    (d) => d.id === '' && d.action === action.id && d.enrollmentId !== enrollment.id,
  );
  return new Set(now.map((d) => d.enrollmentId)).size;
}

/** Once all is spent, also what costs nothing waits for the next month. */
function money(
  { budget: of }: Candidate['action'],
  use: BudgetUse,
  cost: number,
  taken: number,
): GateVerdict[] {
  if (of === null) return [];
  const spent = use.spent + taken * cost;
  const needed = Math.round(of.amount * 100);
  if (spent + Math.max(cost, 1) <= needed) return pass(GATE, 'budget');
  return [block(GATE, 'budget_spent', { rule: 'budget', observed: spent, needed, liftsAt: use.resetsAt })];
}

/** What may be given away only once and for all never comes back. */
function units({ inventory }: Candidate['action'], use: BudgetUse, taken: number): GateVerdict[] {
  if (inventory === null) return [];
  const rule = 'inventory';
  const given = use.unitsGiven + taken;
  if (given < inventory.units) return pass(GATE, rule);
  const liftsAt = inventory.per === 'month' ? use.resetsAt : null;
  return [block(GATE, 'sold_out', { rule, observed: given, needed: inventory.units, liftsAt })];
}
