import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { BudgetUse } from '../../domain/facts.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import type { DecisionRequest } from '../request.ts';
import { computeCost } from '../treatment/cost.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'budget';

/**
 * What an action may cost in a month, and how many of it may be given away, counted over all customers. A decision
 * counts what is reserved. The claim counts what has begun, under the lock of the action, and holds whatever comes too
 * late. So neither is ever exceeded, however many customers decide at once.
 */
export const budget: Gate = (candidate, request) => {
  const { action } = candidate;
  if (action.budget === null && action.inventory === null) return pass(GATE);
  const use = request.facts.budgets.find((counted) => counted.action === action.id);
  if (!use) throw new Error(`the use of the budget of ${action.id} was not read`);
  const tentative = countTentativeUnits(candidate, request);
  const cost = candidate.reservedCost ?? computeCost(candidate, request);
  const { currency } = request.bundle.workspace;
  return [...judgeMoney(action, { use, cost, tentative, currency }), ...judgeUnits(action, use, tentative)];
};

/** Units that this decision has chosen for other enrollments. An action by several channels is one unit. */
function countTentativeUnits(
  { action, enrollment }: Candidate,
  { tentativeContacts }: DecisionRequest,
): number {
  const units = tentativeContacts.filter(
    (contact) => contact.action === action.id && contact.enrollmentId !== enrollment.id,
  );
  return new Set(units.map(({ enrollmentId }) => enrollmentId)).size;
}

/** Once the whole budget is spent, an action that costs nothing waits for the next month, too. */
function judgeMoney(
  { budget: limit }: Candidate['action'],
  { use, cost, tentative, currency }: { use: BudgetUse; cost: number; tentative: number; currency: string },
): GateVerdict[] {
  if (limit === null) return [];
  const spent = use.spent + tentative * cost;
  const needed = toMinorUnits(limit.amount, currency) ?? 0;
  if (spent + Math.max(cost, 1) <= needed) return pass(GATE, 'budget');
  return [block(GATE, 'budget_spent', { rule: 'budget', observed: spent, needed, liftsAt: use.resetsAt })];
}

/** An inventory without a period is given away once: it never lifts. */
function judgeUnits({ inventory }: Candidate['action'], use: BudgetUse, tentative: number): GateVerdict[] {
  if (inventory === null) return [];
  const rule = 'inventory';
  const given = use.unitsGiven + tentative;
  if (given < inventory.units) return pass(GATE, rule);
  const liftsAt = inventory.per === 'month' ? use.resetsAt : null;
  return [block(GATE, 'sold_out', { rule, observed: given, needed: inventory.units, liftsAt })];
}
