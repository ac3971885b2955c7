import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readCountedExperiments } from '../../app/reports/counted/experiments.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { type Experiment, readExperiments } from '../../app/reports/experiments.ts';
import { iso } from '../../domain/time/time.ts';
import type { SplitReport } from '../../statistics/experiments/split-report.ts';
import type { Operation } from '../frame/operation.ts';
import { EXPERIMENT_COLUMNS, toExperimentRows } from './csv/experiments-csv.ts';
import { defineReport } from './define-report.ts';
import { experiments } from './experiments-schema.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';
import { periodQuery } from './schema.ts';

/** Results of experiments. */
export const experimentOperations: Operation[] = [
  defineReport({
    id: 'getExperimentsReport',
    name: 'experiments',
    summary: 'Holdouts, splits and content variants, with their validity checks',
    description: 'In the order of the bundle',
    query: periodQuery,
    schema: experiments,
    problems: [404, 422],
    csv: { columns: EXPERIMENT_COLUMNS, toRows: toExperimentRows },
    async read({ api, workspace, query }) {
      const now = Date.now();
      const asked = parsePeriod(query, now);
      const bundle = await requireActiveBundle(api.deps, workspace);
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: asked, now },
        {
          ofCustomers: true,
          counted: (counts) => readCountedExperiments(api.deps, bundle, counts),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['decisions']);
            return readExperiments(api.deps, workspace, bundle, rows);
          },
        },
      );
      const view = {
        asOf: iso(countedAt),
        global: { ...experimentView(report.global), sample: report.global.sample },
        journeys: report.journeys.map(({ journey, ...experiment }) => ({
          journey: journey.id,
          stage: journey.stage,
          kpi: journey.goal?.kpi ?? '',
          ...experimentView(experiment),
        })),
        splits: report.splits.map(({ journey, step, ...split }) => ({ journey, step, ...splitView(split) })),
        variants: report.variants.map(({ action, channel, ...split }) => ({
          action,
          channel,
          ...splitView(split),
        })),
      };
      return { view, countedAt, period };
    },
  }),
];

function experimentView({ sizes, expected, sampleRatio, goal }: Experiment) {
  return {
    customers: sizes,
    expectedControlShare: expected,
    sampleRatio,
    goal: toHeadlineView(goal, toNumber),
  };
}

function splitView({ sampleRatio, arms, winner, unknown }: SplitReport) {
  return {
    sampleRatio,
    arms: arms.map(({ arm, customers, rate, comparison }) => ({
      arm,
      customers,
      rate,
      comparison: comparison && toHeadlineView(comparison, toNumber),
    })),
    winner,
    unknownArms: unknown,
  };
}
