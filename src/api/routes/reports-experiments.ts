import type { SplitReport } from '../../decisioning/experiments/split.ts';
import { iso } from '../../domain/time.ts';
import { neededBundle } from '../active-bundle.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf, periodView } from '../period.ts';
import { type Experiment, experimentsOf } from '../reports/experiments.ts';
import { periodQuery } from '../schemas/report.ts';
import { experiments } from '../schemas/report-experiments.ts';
import { asIs, headlineView } from '../views/report.ts';

/** What the experiments say. */
export const experimentOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/experiments',
    tag: 'Reports',
    summary: 'Every experiment: holdouts, splits, variants of content; and whether it can be believed',
    scope: 'read',
    query: periodQuery,
    replies: { 200: { description: 'In the order of the bundle', schema: experiments } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const now = Date.now();
      const period = periodOf(query, now);
      const bundle = await neededBundle(api, workspace);
      const found = await experimentsOf(api, workspace, bundle, period);
      const body = {
        asOf: iso(now),
        period: periodView(period),
        global: { ...experimentView(found.global), sample: found.global.sample },
        journeys: found.journeys.map(({ journey, ...experiment }) => ({
          journey: journey.id,
          stage: journey.stage,
          kpi: journey.goal?.kpi ?? '',
          ...experimentView(experiment),
        })),
        splits: found.splits.map(({ journey, step, ...split }) => ({ journey, step, ...splitView(split) })),
        variants: found.variants.map(({ action, channel, ...split }) => ({
          action,
          channel,
          ...splitView(split),
        })),
      };
      return { body };
    },
  }),
];

function experimentView({ sizes, expected, sampleRatio, goal }: Experiment) {
  return { customers: sizes, expectedControlShare: expected, sampleRatio, goal: headlineView(goal, asIs) };
}

function splitView({ sampleRatio, arms, winner, unknown }: SplitReport) {
  return {
    sampleRatio,
    arms: arms.map(({ arm, customers, rate, against }) => ({
      arm,
      customers,
      rate,
      against: against && headlineView(against, asIs),
    })),
    winner,
    unknown,
  };
}
