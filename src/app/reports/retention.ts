import type { Tx } from '../../../db/client.ts';
import { type BuyerRow, readBuyers, readFirstArms } from '../../../db/reports/retention.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { isInGlobalControl } from '../../domain/holdout.ts';
import type { Instant } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { computeControlShare } from '../../statistics/experiments/assignment.ts';
import { compareRates } from '../../statistics/experiments/compare.ts';
import {
  buildHeadline,
  type ExperimentArms,
  type ExperimentMember,
  splitArms,
} from '../../statistics/experiments/headline.ts';
import { countEvents } from '../../statistics/experiments/sample.ts';
import { checkSampleRatio } from '../../statistics/experiments/sample-ratio.ts';
import type { Period, ReportDeps } from './report-deps.ts';
import { requireAtMost } from './row-limit.ts';

const MOST_BUYERS = 200_000;

interface RetentionRequest {
  bundle: Bundle;
  /** The journey whose controls are used; null: the global control. */
  journey: JourneyDef | null;
  period: Period;
  now: Instant;
}

type Buyer = ExperimentMember & Pick<BuyerRow, 'months'>;

/** C-12, B-4: repeat purchases by month since the first order, by cohort and arm. @throws UseCaseError `too_much` */
export async function readRetentionReport({ db }: ReportDeps, workspace: string, request: RetentionRequest) {
  const { bundle, journey, period } = request;
  const { sql } = db;
  const { timezone, holdout } = bundle.workspace;
  const rows = await readBuyers(sql, { workspace, ...period, timezone }, MOST_BUYERS);
  requireAtMost(MOST_BUYERS, rows.length, 'customers first bought in the period');
  const buyers = journey
    ? await selectMembers(sql, workspace, journey.id, rows)
    : rows.map(({ customer, subject, months }): Buyer => {
        const arm = isInGlobalControl(workspace, subject, holdout) ? 'control' : 'treated';
        return { customer, months, arm, excluded: false };
      });
  const share = journey ? computeControlShare(holdout, journey.holdout) : holdout;
  const cohorts = groupBy(buyers, ({ months }) => months[0] as number);
  const last = toMonth(request.now, timezone) - 1;
  return {
    timezone,
    journey: journey?.id ?? null,
    incomplete: rows.filter((row) => row.incomplete).length,
    cohorts: [...cohorts]
      .sort(([a], [b]) => a - b)
      .map(([month, buyersOfMonth]) => buildCohort(month, splitArms(buyersOfMonth, share), last)),
  };
}

/** Only customers who entered the journey are compared. */
async function selectMembers(
  sql: Tx,
  workspace: string,
  journey: string,
  rows: BuyerRow[],
): Promise<Buyer[]> {
  const arms = new Map((await readFirstArms(sql, workspace, journey)).map((row) => [row.customer, row]));
  return rows.flatMap(({ customer, months }) => {
    const member = arms.get(customer);
    return member ? [{ customer, months, arm: member.arm, excluded: member.excluded }] : [];
  });
}

/** Only completed months are compared. @param last the last completed month */
function buildCohort(month: number, arms: ExperimentArms<Buyer>, last: number) {
  const { treated, control, sampleRatio } = arms;
  return {
    month: formatMonth(month),
    treated: treated.length,
    control: control.length,
    sampleRatio,
    months: Array.from({ length: Math.max(0, last - month) }, (_, i) => {
      const again = (buyers: Buyer[]) =>
        countEvents(buyers.map((buyer) => buyer.months.includes(month + i + 1)));
      const [a, b] = [again(treated), again(control)];
      return {
        after: i + 1,
        treated: a.customers > 0 ? a.events / a.customers : null,
        control: b.customers > 0 ? b.events / b.customers : null,
        comparison: buildHeadline(sampleRatio, () => compareRates(a, b)),
      };
    }),
  };
}

/** The buyers of a cohort by arm, and those of them who ordered in each month. */
export interface ArmsOfCohort {
  treated: number;
  control: number;
  again: Map<number, { treated: number; control: number }>;
}

interface RetentionCounts {
  timezone: string;
  journey: string | null;
  incomplete: number;
  /** By month since year 0. */
  cohorts: Map<number, ArmsOfCohort>;
  /** Of controls, of 10,000. */
  share: number;
  now: Instant;
}

/** Builds the report of counts. */
export function buildRetentionReport({ cohorts, share, now, ...report }: RetentionCounts) {
  const last = toMonth(now, report.timezone) - 1;
  return {
    ...report,
    cohorts: [...cohorts]
      .sort(([a], [b]) => a - b)
      .map(([month, arms]) => buildCountedCohort(month, arms, share, last)),
  };
}

function buildCountedCohort(
  month: number,
  { treated, control, again }: ArmsOfCohort,
  share: number,
  last: number,
) {
  const sampleRatio = checkSampleRatio([
    { arm: 'treated', customers: treated, share: 10_000 - share },
    { arm: 'control', customers: control, share },
  ]);
  return {
    month: formatMonth(month),
    treated,
    control,
    sampleRatio,
    months: Array.from({ length: Math.max(0, last - month) }, (_, i) => {
      const events = again.get(month + i + 1) ?? { treated: 0, control: 0 };
      const [a, b] = [
        { customers: treated, events: events.treated },
        { customers: control, events: events.control },
      ];
      return {
        after: i + 1,
        treated: treated > 0 ? a.events / treated : null,
        control: control > 0 ? b.events / control : null,
        comparison: buildHeadline(sampleRatio, () => compareRates(a, b)),
      };
    }),
  };
}

function formatMonth(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function toMonth(at: Instant, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric' }).formatToParts(
    at,
  );
  const of = (type: 'year' | 'month') => Number(parts.find((part) => part.type === type)?.value);
  return of('year') * 12 + of('month') - 1;
}
