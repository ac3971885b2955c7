import { neededBundle } from '../active-bundle.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf } from '../period.ts';
import { decisionsReport } from '../reports/decisions.ts';
import { periodQuery } from '../schemas/report.ts';
import { decisionsReportSchema } from '../schemas/report-decisions.ts';

/** Where decisions drop off, and how the model fares. */
export const decisionReportOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/decisions',
    tag: 'Reports',
    summary: 'What each rule took away, what became of each action, who decided, and how well was predicted',
    scope: 'read',
    query: periodQuery,
    replies: {
      200: { description: 'Counted over the decisions of the period', schema: decisionsReportSchema },
    },
    problems: [404],
    async handle({ api, workspace, query }) {
      const bundle = await neededBundle(api, workspace);
      return { body: await decisionsReport(api, workspace, bundle, periodOf(query, Date.now())) };
    },
  }),
];
