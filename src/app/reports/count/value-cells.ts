import type { EnrollmentRow } from '../../../../db/reports/counts/counted-rows.ts';
import { DAY, iso } from '../../../domain/time/time.ts';
import { buildCohortRow } from '../../../statistics/experiments/kpi-events.ts';
import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { type CountedPeriod, toDay, toDayName } from './periods.ts';

/**
 * Value, life cycle and experiments. Sums of all marketing hold only customers who did something in the period: those who
 * did nothing add to the number of customers, which is counted by the day since which they are known.
 */
export function addValueCells(sums: CellSums, rows: CustomerRows, periods: CountedPeriod[]): void {
  const { customer } = rows;
  const isCounted = customer.root === customer.id && !customer.erased;
  if (isCounted) {
    addMembers(sums, rows);
    for (const period of periods) addGlobal(sums, rows, period);
  }
  for (const period of periods) addEntries(sums, rows, period);
}

function addMembers(sums: CellSums, { customer, segment, kpis }: CustomerRows): void {
  const known = toDay(customer.knownSince);
  sums.add('members', '', [segment, known], 1);
  const [first] = kpis.purchases;
  if (first) {
    const month = Math.max(toMonth(first.at) + 1, toMonth(customer.knownSince));
    sums.add('bought.days', '', [segment, toDay(first.at)], 1);
    sums.add('bought.months', '', [segment, month], 1);
  }
  for (const { at } of kpis.foreign) sums.add('foreign', toDayName(Math.max(toDay(at), known)), [], 1);
}

/** Months (UTC) since year 0. */
export function toMonth(at: number): number {
  const [year, month] = iso(at).split('-').map(Number) as [number, number];
  return year * 12 + month - 1;
}

function addGlobal(sums: CellSums, rows: CustomerRows, { name, from, to }: CountedPeriod): void {
  const { customer, segment, kpis, activeDays, enrollments, settings } = rows;
  if (customer.knownSince >= to) return;
  const isWithin = (at: number) => at >= from && at < to;
  const bought = kpis.purchases.some(({ at }) => isWithin(at));
  const engaged = activeDays.some((day) => isWithin(day * DAY));
  const goal = enrollments.some(
    ({ journey, enteredAt, goalAt }) =>
      goalAt !== null && isWithin(enteredAt) && settings.marketing.includes(journey),
  );
  if (!bought && !engaged && !goal && !kpis.advocacy.some(isWithin)) return;
  const since = Math.max(from, customer.knownSince);
  const member = { customer: customer.id, arm: 'treated', excluded: false, cohort: '' } as const;
  const row = buildCohortRow(member, kpis, { from: since, to }, 1);
  const before = kpis.purchases.some(({ at }) => at < from);
  sums.add(
    'value',
    name,
    [segment, iso(customer.knownSince).slice(0, 7)],
    ...toSums(row),
    bought && !before ? 1 : 0,
    bought && before ? 1 : 0,
    engaged ? 1 : 0,
    goal ? 1 : 0,
  );
}

/** Each customer counts once per journey, with the first enrollment of the period. */
function addEntries(sums: CellSums, rows: CustomerRows, { name, from, to }: CountedPeriod): void {
  const { customer, kpis, enrollments, deliveries, tasks, exposures } = rows;
  const entered = enrollments.filter(({ enteredAt }) => enteredAt >= from && enteredAt < to);
  const seen = new Set<string>();
  for (const enrollment of entered) {
    const { id, journey, version, arm, excluded, enteredAt, goalAt } = enrollment;
    const isMade = (at: number, state: string, states: string[]) => at < to && states.includes(state);
    const costs = [
      ...deliveries.filter((d) => d.enrollment === id && isMade(d.at, d.state, ['sent', 'unknown'])),
      ...tasks.filter((t) => t.enrollment === id && isMade(t.at, t.state, ['resolved'])),
    ].map(({ cost }) => cost);
    if (costs.length > 0)
      sums.add(
        'spend',
        name,
        [journey],
        costs.length,
        costs.reduce((sum, cost) => sum + cost, 0),
      );
    if (seen.has(journey)) continue;
    seen.add(journey);
    const member = { customer: customer.id, arm, excluded, cohort: '' };
    const row = buildCohortRow(member, kpis, { from: enteredAt, to }, 1);
    const key = [journey, version, arm, excluded, iso(enteredAt).slice(0, 7)];
    sums.add('entries', name, key, 1, ...toSums(row), goalAt === null ? 0 : 1);
    if (arm === 'treated' && !excluded) addExposures(sums, name, enrollment, exposures);
  }
  addGoals(sums, name, entered);
  addVariants(sums, rows, { name, from, to });
}

function toSums(row: ReturnType<typeof buildCohortRow>) {
  return [
    row.purchases,
    row.purchases ** 2,
    row.loyal ? 1 : 0,
    row.advocate ? 1 : 0,
    row.value,
    BigInt(row.value) ** 2n,
  ];
}

function addExposures(
  sums: CellSums,
  period: string,
  { id, journey, enteredAt, goalAt }: EnrollmentRow,
  exposures: CustomerRows['exposures'],
): void {
  const first = new Map<string, CustomerRows['exposures'][number]>();
  for (const exposure of exposures) {
    const [enrollment, step, , at, decision] = exposure;
    if (enrollment !== id || at < enteredAt) continue;
    const known = first.get(step);
    if (!known || at < known[3] || (at === known[3] && decision < known[4])) first.set(step, exposure);
  }
  for (const [, step, arm, at] of first.values())
    sums.add('splits', period, [journey, step, arm], 1, goalAt !== null && goalAt >= at ? 1 : 0);
}

/** Customers of both arms, and of an excluded enrollment, are left out. */
function addGoals(sums: CellSums, period: string, entered: EnrollmentRow[]): void {
  for (const journey of new Set(entered.map((enrollment) => enrollment.journey))) {
    const own = entered.filter((enrollment) => enrollment.journey === journey);
    const arm = own[0]?.arm as string;
    if (own.some((enrollment) => enrollment.excluded || enrollment.arm !== arm)) continue;
    sums.add('goals', period, [journey, arm], 1, own.some(({ goalAt }) => goalAt !== null) ? 1 : 0);
  }
}

/** The first delivery with a variant per action and channel. */
function addVariants(sums: CellSums, rows: CustomerRows, { name, from, to }: CountedPeriod): void {
  const enrollments = new Map(rows.enrollments.map((enrollment) => [enrollment.id, enrollment]));
  const seen = new Set<string>();
  for (const { action, channel, variant, state, at, enrollment: id } of rows.deliveries) {
    if (at < from || at >= to || variant === null || !['sent', 'unknown'].includes(state)) continue;
    const enrollment = enrollments.get(id);
    if (!enrollment || enrollment.excluded || seen.has(`${action}\t${channel}`)) continue;
    seen.add(`${action}\t${channel}`);
    const { goalAt } = enrollment;
    sums.add('variants', name, [action, channel, variant], 1, goalAt !== null && goalAt >= at ? 1 : 0);
  }
}
