import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readRetentionReport } from '../../app/reports/retention.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';
import { parsePeriod, toPeriodView } from './period.ts';
import { retentionQuery, retentionReportSchema } from './retention-schema.ts';

/** Repeat purchases. */
export const retentionOperations: Operation[] = [
  defineOperation({
    id: 'getRetentionReport',
    method: 'get',
    path: '/v1/reports/retention',
    tag: 'Reports',
    summary: 'Repeat purchases by month since the first order, treated against control',
    scope: 'read',
    query: retentionQuery,
    replies: { 200: { description: 'By month of the first order', schema: retentionReportSchema } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const journey = bundle.journeys.find(({ id }) => id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const now = Date.now();
      const period = parsePeriod(query, now);
      const report = await readRetentionReport(api.deps, workspace, { bundle, journey, period, now });
      const cohorts = report.cohorts.map((cohort) => ({
        ...cohort,
        months: cohort.months.map((month) => ({
          ...month,
          comparison: toHeadlineView(month.comparison, toNumber),
        })),
      }));
      return { body: { ...report, period: toPeriodView(period), cohorts } };
    },
  }),
];
