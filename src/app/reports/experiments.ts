import { readCustomersAtGoal, readExposures, readVariants } from '../../../db/reports/experiments.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import { compareRates } from '../../statistics/experiments/compare.ts';
import { buildHeadline, type Headline, splitArms } from '../../statistics/experiments/headline.ts';
import { countEvents } from '../../statistics/experiments/sample.ts';
import type { SampleRatio } from '../../statistics/experiments/sample-ratio.ts';
import { buildSplitReport, type SplitReport } from '../../statistics/experiments/split-report.ts';
import {
  COMPARE_OPTIONS,
  countArms,
  type GlobalArms,
  type JourneyArms,
  listMarketingJourneys,
  readGlobalArms,
  readJourneyArms,
} from './arms.ts';
import type { Period, ReportDeps } from './report-deps.ts';

/** Treated against control, by whether they reached the goal. */
export interface Experiment {
  sizes: { treated: number; control: number; excluded: number };
  /** Share of controls that the assignment gives, 0…1. */
  expected: number;
  sampleRatio: SampleRatio;
  goal: Headline;
}

export interface ExperimentsReport {
  /** All marketing together. `sample`: share of all customers that it looks at. */
  global: Experiment & { sample: number };
  journeys: (Experiment & { journey: JourneyDef })[];
  splits: (SplitReport & { journey: string; step: string })[];
  variants: (SplitReport & { action: string; channel: string })[];
}

/** C-13: every running experiment, with its validity checks. @throws UseCaseError `too_much` */
export async function readExperiments(
  deps: ReportDeps,
  workspace: string,
  bundle: Bundle,
  period: Period,
): Promise<ExperimentsReport> {
  const journeys = await readJourneyArms(deps, workspace, bundle, period);
  const global = await readGlobalArms(deps, workspace, period);
  const { sql } = deps.db;
  const ids = listMarketingJourneys(bundle).map(({ id }) => id);
  const reached = new Set(await readCustomersAtGoal(sql, { workspace, journeys: ids, ...period }));
  return {
    global: {
      ...buildExperiment({
        ...global,
        rows: global.rows.map((row) => ({ ...row, goal: reached.has(row.customer) })),
      }),
      sample: global.sample,
    },
    journeys: journeys.map((arms) => ({ ...buildExperiment(arms), journey: arms.journey })),
    splits: await readSplits(deps, workspace, bundle, period),
    variants: await readVariantReports(deps, workspace, bundle, period),
  };
}

type WithGoal = Pick<JourneyArms | GlobalArms, 'controlShare'> & {
  rows: Omit<JourneyArms['rows'][number], 'enteredAt'>[];
};

function buildExperiment({ rows, controlShare }: WithGoal): Experiment {
  const { treated, control, sampleRatio } = splitArms(rows, controlShare);
  const did = (of: typeof rows) => countEvents(of.map((row) => row.goal));
  return {
    sizes: countArms(rows),
    expected: controlShare / 10_000,
    sampleRatio,
    goal: buildHeadline(sampleRatio, () => compareRates(did(treated), did(control), COMPARE_OPTIONS)),
  };
}

/** Customers of one arm of a test, and how many of them succeeded. `part`: the step, or the channel. */
export interface TestedArm {
  test: string;
  part: string;
  arm: string;
  customers: number;
  events: number;
}

/** Branches by share. Arms that lead to the same step count as one arm. */
async function readSplits({ db }: ReportDeps, workspace: string, bundle: Bundle, period: Period) {
  const steps = listSplits(bundle);
  if (steps.length === 0) return [];
  const journeys = [...new Set(steps.map(({ journey }) => journey))];
  const rows = await readExposures(db.sql, { workspace, journeys, ...period });
  return buildSplitReports(
    bundle,
    countArmsOf(rows, ({ journey, step }) => [journey, step]),
  );
}

/** Every branch by share with more than one arm. */
function listSplits(bundle: Bundle) {
  return listMarketingJourneys(bundle).flatMap((journey) =>
    journey.steps.flatMap((step) => {
      if (step.kind !== 'branch') return [];
      const shares = new Map<string, number>();
      for (const arm of step.arms)
        if (arm.kind === 'share') shares.set(arm.next, (shares.get(arm.next) ?? 0) + arm.share);
      return shares.size > 1 ? [{ journey: journey.id, step: step.id, shares }] : [];
    }),
  );
}

/** The reports of branches by share. */
export function buildSplitReports(bundle: Bundle, counts: readonly TestedArm[]) {
  return listSplits(bundle).map(({ journey, step, shares }) => ({
    journey,
    step,
    ...buildSplitReport(
      counts.filter(({ test, part }) => test === journey && part === step),
      [...shares].map(([arm, share]) => ({ arm, share })),
      COMPARE_OPTIONS,
    ),
  }));
}

/** Test variants of content. Each customer sees one; all are equally likely. */
async function readVariantReports({ db }: ReportDeps, workspace: string, bundle: Bundle, period: Period) {
  const actions = bundle.actions.filter(({ variants }) => Object.keys(variants).length > 0);
  if (actions.length === 0) return [];
  const request = { workspace, actions: actions.map(({ id }) => id), ...period };
  const rows = await readVariants(db.sql, request);
  const arms = rows.map(({ variant, ...row }) => ({ ...row, arm: variant }));
  return buildVariantReports(
    bundle,
    countArmsOf(arms, ({ action, channel }) => [action, channel]),
  );
}

/** The reports of actions with more than one variant on a channel. */
export function buildVariantReports(bundle: Bundle, counts: readonly TestedArm[]) {
  return bundle.actions.flatMap((action) =>
    action.channels.flatMap((channel) => {
      const variants = getOwn(action.variants, channel) ?? [];
      if (variants.length < 2) return [];
      const own = counts.filter(({ test, part }) => test === action.id && part === channel);
      const shares = variants.map((arm) => ({ arm, share: 1 }));
      return [{ action: action.id, channel, ...buildSplitReport(own, shares, COMPARE_OPTIONS) }];
    }),
  );
}

function countArmsOf<Row extends { arm: string; succeeded: boolean }>(
  rows: readonly Row[],
  testOf: (row: Row) => [test: string, part: string],
): TestedArm[] {
  const groups = groupBy(rows, (row) => JSON.stringify([...testOf(row), row.arm]));
  return [...groups].map(([key, own]) => {
    const [test, part, arm] = JSON.parse(key) as [string, string, string];
    return { test, part, arm, ...countEvents(own.map(({ succeeded }) => succeeded)) };
  });
}
