import type { OutcomeCount, PolicyCount } from '../../../../db/reports/decisions.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { buildDecisionsReport } from '../decisions.ts';
import { fromUnits } from '../exact-units.ts';
import type { ReportDeps } from '../report-deps.ts';
import type { CandidateCount, RuleCount } from '../tally-candidates.ts';
import type { DayOfDecisions } from '../tally-reasons.ts';
import { type Cell, type Counts, readReportCells, sumBy } from './counted-cells.ts';
import { toQuality } from './quality.ts';

/** The report of decisions from the counts: of all decisions, never of a sample. */
export async function readCountedDecisions(deps: ReportDeps, bundle: Bundle, counts: Counts) {
  const cells = await readReportCells(deps, counts, {
    byDay: ['outcomes', 'candidates', 'rules', 'reasons', 'policies', 'probabilities', 'amounts'],
    byPeriod: ['outcomes.customers', 'rules.customers'],
  });
  const customersOf = (report: string) => {
    const sums = sumBy(cells(`${report}.customers`), (key) => key);
    return (id: string) => sums.get(id)?.[0] ?? 0;
  };
  const outcomeCustomers = customersOf('outcomes');
  const ruleCustomers = customersOf('rules');
  const list = (report: string) => [...sumBy(cells(report), (key) => key)];
  const outcomes = list('outcomes').map(([id, [decisions = 0]]): OutcomeCount => {
    const [kind, outcome] = JSON.parse(id);
    return { kind, outcome, decisions, customers: outcomeCustomers(id) };
  });
  const total = outcomes.reduce((sum, { decisions }) => sum + decisions, 0);
  const rules = list('rules').map(([id, [blocked = 0, alone = 0, leftWithout = 0, leftAlone = 0]]) => {
    const [gate, code, rule] = JSON.parse(id);
    const customersLeft = ruleCustomers(id);
    return {
      id,
      counted: { gate, code, rule, blocked, alone, leftWithout, customersLeft, leftAlone } as RuleCount,
    };
  });
  const candidates = list('candidates').map(([id, [n = 0]]): CandidateCount => {
    const [action, journey, verdict] = JSON.parse(id);
    return { action, journey, verdict, candidates: n };
  });
  return buildDecisionsReport(bundle, {
    decisions: { total, examined: total, sampled: false },
    outcomes: outcomes.sort(
      (a, b) => compare(a.kind, b.kind) || b.decisions - a.decisions || compare(a.outcome, b.outcome),
    ),
    rules: rules
      .sort((a, b) => b.counted.blocked - a.counted.blocked || compare(a.id, b.id))
      .map(({ counted }) => counted),
    candidates,
    days: listDays(cells('outcomes'), cells('candidates'), cells('reasons')),
    policies: listPolicies(cells('policies')),
    calibration: {
      truncated: false,
      ...toQuality(cells('probabilities'), cells('amounts')),
    },
  });
}

function listPolicies(cells: Cell[]): PolicyCount[] {
  const leasts = new Map<string, number>();
  for (const { key } of cells) {
    const id = JSON.stringify(key.slice(0, 3));
    leasts.set(id, Math.min(leasts.get(id) ?? 1, key[3] as number));
  }
  return [...sumBy(cells, (key) => key.slice(0, 3))]
    .map(([id, [decisions = 0, nothing = 0, refused = 0, units = 0]]) => {
      const [policy, autonomy, model] = JSON.parse(id);
      const propensity = fromUnits(units) / decisions;
      return { policy, autonomy, model, decisions, nothing, propensity, least: leasts.get(id) ?? 1, refused };
    })
    .sort(
      (a, b) =>
        compare(a.policy, b.policy) ||
        compare(a.autonomy, b.autonomy) ||
        (a.model ?? Number.POSITIVE_INFINITY) - (b.model ?? Number.POSITIVE_INFINITY),
    );
}

function listDays(outcomes: Cell[], candidates: Cell[], reasons: Cell[]): DayOfDecisions[] {
  const days = new Map<string, DayOfDecisions>();
  const dayOf = (day: string) => {
    const known = days.get(day) ?? {
      day,
      decisions: 0,
      judged: 0,
      chosen: 0,
      outranked: 0,
      allowed: 0,
      blocked: 0,
      reasons: [],
    };
    days.set(day, known);
    return known;
  };
  for (const { period, sums } of outcomes) dayOf(period).decisions += sums[0] ?? 0;
  for (const { period, key, sums } of candidates) {
    const day = dayOf(period);
    day.judged += sums[0] ?? 0;
    day[key[2] as CandidateCount['verdict']] += sums[0] ?? 0;
  }
  for (const { period, key, sums } of reasons) {
    const [gate, code] = key as [string, string];
    dayOf(period).reasons.push({ gate, code, blocked: sums[0] ?? 0, alone: sums[1] ?? 0 });
  }
  for (const { reasons: own } of days.values())
    own.sort(
      (a, b) =>
        b.blocked - a.blocked || compare(JSON.stringify([a.gate, a.code]), JSON.stringify([b.gate, b.code])),
    );
  return [...days.values()].sort((a, b) => compare(a.day, b.day));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
