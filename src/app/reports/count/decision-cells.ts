import { decodeRecord } from '../../../../db/decisions/record/decision-record.ts';
import type { DecisionRow } from '../../../../db/reports/counts/counted-rows.ts';
import type { JudgedCandidate } from '../../../domain/candidate.ts';
import { parseInstant } from '../../../domain/time/read-time.ts';
import { CellSums, splitCellName } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { type CountedPeriod, toDay, toDayName } from './periods.ts';

/** Cells of decisions by day. A decision never changes: they are carried over when its customer is counted again. */
export const DECISION_REPORTS = ['outcomes', 'candidates', 'rules', 'reasons', 'policies'];

/** Propensities are summed in units of 10⁻¹², so that sums are exact. */
export const PROPENSITY_UNITS = 1e12;

/** Decisions by day, and the customers of each outcome and rule by period. Returns the days with decisions. */
export function addDecisionCells(sums: CellSums, rows: CustomerRows, periods: CountedPeriod[]): number[] {
  const own = new CellSums();
  own.addStored(rows.carried);
  for (const decision of rows.decisions) addDecision(own, decision, rows.journeyOf);
  const stored = own.toStored();
  sums.addStored(stored);
  const days = new Set<number>();
  const reached = new Map<string, { report: string; key: string; days: Set<number> }>();
  for (const [name, [, , left = 0]] of Object.entries(stored)) {
    const { report, period, key } = splitCellName(name);
    const day = toDay(parseInstant(period));
    days.add(day);
    const isLeft = report === 'rules' && Number(left) > 0;
    if (report !== 'outcomes' && !isLeft) continue;
    const id = `${report}\t${JSON.stringify(key)}`;
    const known = reached.get(id) ?? { report, key: JSON.stringify(key), days: new Set() };
    reached.set(id, known);
    known.days.add(day);
  }
  for (const { report, key, days: on } of reached.values())
    for (const { name, from, to } of periods)
      if ([...on].some((day) => day >= toDay(from) && day < toDay(to)))
        sums.add(`${report}.customers`, name, JSON.parse(key), 1);
  return [...days];
}

function addDecision(
  sums: CellSums,
  { at, kind, outcome, policies, record }: DecisionRow,
  journeyOf: CustomerRows['journeyOf'],
): void {
  const day = toDayName(toDay(at));
  sums.add('outcomes', day, [kind, outcome], 1);
  for (const { policy, autonomy, model = null, propensity = 1, nothing, refused } of policies ?? []) {
    const units = BigInt(Math.round(propensity * PROPENSITY_UNITS));
    const least = Number(propensity.toPrecision(2));
    sums.add('policies', day, [policy, autonomy, model, least], 1, nothing ? 1 : 0, refused ? 1 : 0, units);
  }
  const { candidates } = decodeRecord(record, 'candidates');
  for (const { action, verdict, enrollmentId } of candidates)
    sums.add('candidates', day, [action, journeyOf(enrollmentId), verdict], 1);
  addReasons(sums, day, candidates);
}

/** The rules that blocked candidates. `rules`: blocked, alone, and decisions without an action, of these alone. */
function addReasons(sums: CellSums, day: string, candidates: readonly JudgedCandidate[]): void {
  const acted = candidates.some(({ verdict }) => verdict === 'chosen');
  const left = new Map<string, boolean>();
  for (const { gates } of candidates.filter(({ verdict }) => verdict === 'blocked')) {
    const refused = gates.filter(({ pass }) => !pass);
    const rules = new Set(
      refused.map(({ gate, code = 'blocked', rule = null }) => JSON.stringify([gate, code, rule])),
    );
    const reasons = new Set(refused.map(({ gate, code = 'blocked' }) => JSON.stringify([gate, code])));
    for (const rule of rules) {
      sums.add('rules', day, JSON.parse(rule), 1, rules.size === 1 ? 1 : 0, 0, 0);
      if (!acted) left.set(rule, left.get(rule) || rules.size === 1);
    }
    for (const reason of reasons) sums.add('reasons', day, JSON.parse(reason), 1, reasons.size === 1 ? 1 : 0);
  }
  for (const [rule, alone] of left) sums.add('rules', day, JSON.parse(rule), 0, 0, 1, alone ? 1 : 0);
}
