import { neededBundle } from '../active-bundle.ts';
import { notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf } from '../period.ts';
import { retentionReport } from '../reports/retention.ts';
import { retentionQuery, retentionReportSchema } from '../schemas/report-retention.ts';

/** Who comes back. */
export const retentionOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/retention',
    tag: 'Reports',
    summary: 'Who bought again how many months after their first order, treated and control',
    scope: 'read',
    query: retentionQuery,
    replies: { 200: { description: 'By month of the first order', schema: retentionReportSchema } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await neededBundle(api, workspace);
      const journey = bundle.journeys.find((one) => one.id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const now = Date.now();
      const wanted = { bundle, journey, period: periodOf(query, now), now };
      return { body: await retentionReport(api, workspace, wanted) };
    },
  }),
];
