import { setImmediate } from 'node:timers/promises';
import { readEngagedCustomers, readKpiEvents, readSpend, readTotalSpend } from '../../../db/reports/value.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { iso } from '../../domain/time/time.ts';
import {
  buildCohortReport,
  type CohortReport,
  type CohortRow,
} from '../../statistics/experiments/cohort-report.ts';
import type { Comparison } from '../../statistics/experiments/compare.ts';
import { computeEfficiency, type Efficiency } from '../../statistics/experiments/efficiency.ts';
import type { Headline } from '../../statistics/experiments/headline.ts';
import { computeIncremental } from '../../statistics/experiments/incremental.ts';
import {
  buildCohortRow,
  type CustomerKpis,
  KPI_EVENT_NAMES,
  NO_KPIS,
  summarizeKpiEvents,
} from '../../statistics/experiments/kpi-events.ts';
import { buildLifecycleReport, type LifecycleReport } from '../../statistics/experiments/lifecycle-report.ts';
import { COMPARE_OPTIONS, countArms, type GlobalArms, readGlobalArms, readJourneyArms } from './arms.ts';
import type { Period, ReportDeps } from './report-deps.ts';

/** Value of the treatment per customer, and its cost. */
export interface GroupValue {
  sizes: { treated: number; control: number; excluded: number };
  all: CohortReport;
  /** By month of the first entry, or of the first event. */
  cohorts: CohortReport[];
  efficiency: Efficiency;
}

export interface ValueReport {
  global: GroupValue & { sample: number; lifecycle: LifecycleReport };
  journeys: (GroupValue & { journey: JourneyDef })[];
  /** Purchases in other currencies, by customers who were known before the end of the period: excluded. */
  foreign: number;
}

/** Customers per query. Its result is parsed at once, and other requests wait meanwhile. */
const CHUNK = 2_500;

/**
 * B-4, B-5, C-9, C-12, D-18: the value of customers because of treatment, never per campaign. Customers count in the arm
 * that they were assigned to, whether or not anything was sent. @throws UseCaseError `too_much`
 */
export async function readValueReport(
  deps: ReportDeps,
  workspace: string,
  bundle: Bundle,
  period: Period,
): Promise<ValueReport> {
  const { sql } = deps.db;
  const { currency, worth } = bundle.workspace;
  const journeys = await readJourneyArms(deps, workspace, bundle, period);
  const global = await readGlobalArms(deps, workspace, period);
  const members = [...journeys.flatMap(({ rows }) => rows), ...global.rows];
  const customers = [...new Set(members.map((row) => row.customer))];
  const kpis = await readAllKpis(deps, customers, period, currency);
  const of = (customer: string) => kpis.get(customer) ?? NO_KPIS;
  const rowOf = (member: (typeof members)[number], from: number, since: number) =>
    buildCohortRow(
      { ...member, cohort: iso(since).slice(0, 7) },
      of(member.customer),
      { from, to: period.to },
      worth.margin,
    );

  const spent = new Map(
    (await readSpend(sql, { workspace, journeys: journeys.map(({ journey }) => journey.id), ...period })).map(
      (row) => [row.journey, row],
    ),
  );
  const kpisByCustomer: ValueReport['journeys'] = [];
  for (const { journey, rows, controlShare } of journeys) {
    // The process answers other requests in between.
    await setImmediate();
    const worths = rows.map((row) => rowOf(row, row.enteredAt, row.enteredAt));
    const spend = spent.get(journey.id) ?? { contacts: 0, spend: 0 };
    kpisByCustomer.push({ journey, ...buildGroupValue(worths, controlShare, spend) });
  }
  const actions = bundle.actions.filter((action) => action.class === 'marketing').map(({ id }) => id);
  const spend = await readTotalSpend(sql, { workspace, actions, ...period, sample: global.sample });
  const worths = global.rows.map((row) => rowOf(row, Math.max(period.from, row.knownSince), row.knownSince));
  return {
    global: {
      ...buildGroupValue(worths, global.controlShare, spend),
      sample: global.sample,
      lifecycle: await readLifecycle(deps, global, period, of),
    },
    journeys: kpisByCustomer,
    foreign: global.rows.reduce((sum, { customer }) => sum + of(customer).foreignPurchases, 0),
  };
}

function buildGroupValue(
  rows: readonly CohortRow[],
  controlShare: number,
  { contacts, spend }: { contacts: number; spend: number },
): GroupValue {
  const { all, cohorts } = buildCohortReport(rows, controlShare, COMPARE_OPTIONS);
  return {
    sizes: countArms(rows),
    all,
    cohorts,
    efficiency: toEfficiency(contacts, spend, all.value),
  };
}

/** The price of the value that was added. */
export function toEfficiency(contacts: number, spend: number, value: Headline): Efficiency {
  return computeEfficiency(contacts, spend, computeIncremental(toComparison(value)));
}

/** Arms whose sizes contradict the assignment are no control: nothing is computed from them. */
function toComparison(headline: Headline): Comparison {
  if (headline.kind !== 'invalid') return headline;
  const treated = headline.sampleRatio.arms.find(({ arm }) => arm === 'treated')?.customers ?? 0;
  return { kind: 'no_control', treated };
}

/** In parts, which keeps statements short and results small. */
async function readAllKpis(
  { db }: ReportDeps,
  customers: string[],
  period: Period,
  currency: string,
): Promise<Map<string, CustomerKpis>> {
  const kpisByCustomer = new Map<string, CustomerKpis>();
  for (let at = 0; at < customers.length; at += CHUNK) {
    const part = customers.slice(at, at + CHUNK);
    const rows = await readKpiEvents(db.sql, part, { names: KPI_EVENT_NAMES, to: period.to });
    // Rows are ordered by customer.
    for (let first = 0; first < rows.length; ) {
      const customer = (rows[first] as (typeof rows)[number]).customer;
      let next = first;
      while (rows[next]?.customer === customer) next++;
      kpisByCustomer.set(customer, summarizeKpiEvents(rows.slice(first, next), currency));
      first = next;
    }
  }
  return kpisByCustomer;
}

async function readLifecycle(
  { db }: ReportDeps,
  { rows, controlShare }: GlobalArms,
  period: Period,
  of: (customer: string) => CustomerKpis,
): Promise<LifecycleReport> {
  const engaged = new Set<string>();
  for (let at = 0; at < rows.length; at += CHUNK) {
    const part = rows.slice(at, at + CHUNK).map(({ customer }) => customer);
    for (const id of await readEngagedCustomers(db.sql, part, period)) engaged.add(id);
  }
  const lives = rows.map((row) => ({
    ...row,
    purchases: of(row.customer).purchases.map(({ at }) => at),
    engagements: engaged.has(row.customer) ? [Math.max(period.from, row.knownSince)] : [],
  }));
  return buildLifecycleReport(lives, period, controlShare, COMPARE_OPTIONS);
}
