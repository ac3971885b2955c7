import { neededBundle } from '../active-bundle.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf } from '../period.ts';
import { deliveriesReport } from '../reports/deliveries.ts';
import { periodQuery } from '../schemas/report.ts';
import { deliveriesReportSchema } from '../schemas/report-deliveries.ts';

/** What went out. */
export const deliveryReportOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/deliveries',
    tag: 'Reports',
    summary:
      'Deliveries by channel, action and variant, and tasks: what became of them, what held them, what they cost',
    scope: 'read',
    query: periodQuery,
    replies: { 200: { description: 'By channel and action', schema: deliveriesReportSchema } },
    problems: [404],
    async handle({ api, workspace, query }) {
      const bundle = await neededBundle(api, workspace);
      return { body: await deliveriesReport(api, workspace, bundle, periodOf(query, Date.now())) };
    },
  }),
];
