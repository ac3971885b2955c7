import { readRetentionReport } from '../../app/reports/retention.ts';
import { requireActiveBundle } from '../frame/active-bundle.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { parsePeriod } from './period.ts';
import { retentionQuery, retentionReportSchema } from './retention-schema.ts';

/** Who comes back. */
export const retentionOperations: Operation[] = [
  defineOperation({
    method: 'get',
    path: '/v1/reports/retention',
    tag: 'Reports',
    summary: 'Who bought again how many months after their first order, treated and control',
    scope: 'read',
    query: retentionQuery,
    replies: { 200: { description: 'By month of the first order', schema: retentionReportSchema } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api, workspace);
      const journey = bundle.journeys.find((one) => one.id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const now = Date.now();
      const wanted = { bundle, journey, period: parsePeriod(query, now), now };
      return { body: await readRetentionReport(api, workspace, wanted) };
    },
  }),
];
