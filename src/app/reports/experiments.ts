import { readCustomersAtGoal, readExposures, readVariants } from '../../../db/reports/experiments.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { getOwn } from '../../domain/values/get-own.ts';
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

/** Branches by share. Arms that lead to the same step count as one arm. */
async function readSplits({ db }: ReportDeps, workspace: string, bundle: Bundle, period: Period) {
  const steps = listMarketingJourneys(bundle).flatMap((journey) =>
    journey.steps.flatMap((step) => {
      if (step.kind !== 'branch') return [];
      const shares = new Map<string, number>();
      for (const arm of step.arms)
        if (arm.kind === 'share') shares.set(arm.next, (shares.get(arm.next) ?? 0) + arm.share);
      return shares.size > 1 ? [{ journey: journey.id, step: step.id, shares }] : [];
    }),
  );
  if (steps.length === 0) return [];
  const journeys = [...new Set(steps.map(({ journey }) => journey))];
  const rows = await readExposures(db.sql, { workspace, journeys, ...period });
  return steps.map(({ journey, step, shares }) => ({
    journey,
    step,
    ...buildSplitReport(
      rows.filter((row) => row.journey === journey && row.step === step),
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
  return actions.flatMap((action) =>
    action.channels.flatMap((channel) => {
      const variants = getOwn(action.variants, channel) ?? [];
      if (variants.length < 2) return [];
      const exposures = rows
        .filter((row) => row.action === action.id && row.channel === channel)
        .map(({ variant, succeeded: did }) => ({ arm: variant, succeeded: did }));
      const shares = variants.map((arm) => ({ arm, share: 1 }));
      return [{ action: action.id, channel, ...buildSplitReport(exposures, shares, COMPARE_OPTIONS) }];
    }),
  );
}
