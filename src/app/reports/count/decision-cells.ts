import type { JudgedCandidate } from '../../../domain/candidate.ts';
import { parseInstant } from '../../../domain/time/read-time.ts';
import { groupBy } from '../../../domain/values/group-by.ts';
import { listReasons } from '../blocking-reasons.ts';
import { toUnits } from '../exact-units.ts';
import { countRules } from '../tally-candidates.ts';
import { countStages, isEligible } from '../tally-funnel.ts';
import { type CellKey, CellSums, splitCellName } from './cell-sums.ts';
import type { CountedDecision, CustomerRows } from './customer-rows.ts';
import { addHolds, isHolds } from './hold-cells.ts';
import { type CountedPeriod, toDay, toDayName } from './periods.ts';

/** Cells of decisions by day. A decision never changes: they are carried over when its customer is counted again. */
const DECISION_REPORTS = [
  'outcomes',
  'candidates',
  'judged',
  'repeated',
  'blocked',
  'rules',
  'reasons',
  'policies',
];

export const isOfDecisions = (report: string): boolean =>
  DECISION_REPORTS.includes(report) || isHolds(report);

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
  { at, kind, outcome, policies, candidates }: CountedDecision,
  journeyOf: CustomerRows['journeyOf'],
): void {
  const day = toDayName(toDay(at));
  sums.add('outcomes', day, [kind, outcome], 1);
  for (const { policy, autonomy, model = null, propensity = 1, nothing, refused } of policies ?? []) {
    const units = toUnits(propensity);
    const least = Number(propensity.toPrecision(2));
    sums.add('policies', day, [policy, autonomy, model, least], 1, nothing ? 1 : 0, refused ? 1 : 0, units);
  }
  addRules(sums, day, candidates);
  addStages(sums, day, candidates, journeyOf);
  addHolds(sums, day, candidates, journeyOf);
}

/** The rules that blocked candidates. `rules`: blocked, alone, and decisions without an action, of these alone. */
function addRules(sums: CellSums, day: string, candidates: readonly JudgedCandidate[]): void {
  for (const { rule, blocked, alone, left, leftAlone } of countRules(candidates)) {
    const key = [rule.gate, rule.code, rule.rule];
    sums.add('rules', day, key, blocked, alone, left ? 1 : 0, leftAlone ? 1 : 0);
  }
  for (const reasons of candidates.map(listReasons))
    for (const { gate, code } of reasons)
      sums.add('reasons', day, [gate, code], 1, reasons.length === 1 ? 1 : 0);
}

/**
 * How far candidates got. `judged`: decisions with candidates, and the stages of all. `candidates`: by action, journey and
 * verdict, those whose conditions held, and decisions of the action and journey. A decision with candidates of several
 * journeys, or of several actions, is in several of these: `repeated` has how often too many.
 */
function addStages(
  sums: CellSums,
  day: string,
  candidates: readonly JudgedCandidate[],
  journeyOf: CustomerRows['journeyOf'],
): void {
  if (candidates.length === 0) return;
  const stages = countStages(candidates);
  sums.add('judged', day, [], 1, stages.candidates, stages.eligible, stages.ranked, stages.chosen);
  const pairs = new Map<string, [action: string, journey: string | null]>();
  for (const candidate of candidates) {
    const { action, verdict, enrollmentId } = candidate;
    const journey = journeyOf(enrollmentId);
    const pair = JSON.stringify([action, journey]);
    const isFirst = !pairs.has(pair);
    pairs.set(pair, [action, journey]);
    sums.add(
      'candidates',
      day,
      [action, journey, verdict],
      1,
      isEligible(candidate) ? 1 : 0,
      isFirst ? 1 : 0,
    );
    for (const { gate, code } of listReasons(candidate))
      sums.add('blocked', day, [action, journey, gate, code], 1);
  }
  const ofAction = [...pairs.values()].map(([action]) => [action, null]);
  const ofJourney = [...pairs.values()].map(([, journey]) => [null, journey]);
  for (const same of groupBy([...ofAction, ...ofJourney], (key) => JSON.stringify(key)).values()) {
    const [key] = same as [CellKey];
    if (same.length > 1) sums.add('repeated', day, key, same.length - 1);
  }
}
