import { neededBundle } from '../active-bundle.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf } from '../period.ts';
import { journeysReport } from '../reports/journeys.ts';
import { periodQuery } from '../schemas/report.ts';
import { journeysReportSchema } from '../schemas/report-journeys.ts';

/** Where customers get to, and where they drop out. */
export const journeyReportOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/journeys',
    tag: 'Reports',
    summary:
      'Journeys: who came in, who reached the goal against the controls, who got how far and why no further',
    scope: 'read',
    query: periodQuery,
    replies: { 200: { description: 'In the order of the bundle', schema: journeysReportSchema } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await neededBundle(api, workspace);
      return { body: await journeysReport(api, workspace, bundle, periodOf(query, Date.now())) };
    },
  }),
];
