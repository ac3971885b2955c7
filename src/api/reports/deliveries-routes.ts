import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readDeliveriesReport } from '../../app/reports/deliveries.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { deliveriesReportSchema } from './deliveries-schema.ts';
import { toDeliveriesReportView } from './deliveries-view.ts';
import { parsePeriod, toPeriodView } from './period.ts';
import { periodQuery } from './schema.ts';

/** Deliveries and tasks. */
export const deliveryReportOperations: Operation[] = [
  defineOperation({
    id: 'getDeliveriesReport',
    method: 'get',
    path: '/v1/reports/deliveries',
    tag: 'Reports',
    summary: 'Deliveries by channel, action and variant, and tasks by action: states, refusals and costs',
    scope: 'read',
    query: periodQuery,
    replies: { 200: { description: 'By channel and action', schema: deliveriesReportSchema } },
    problems: [404],
    async handle({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const period = parsePeriod(query, Date.now());
      const report = await readDeliveriesReport(api.deps, workspace, period);
      const view = toDeliveriesReportView(report, bundle.workspace.currency);
      return { body: { period: toPeriodView(period), ...view } };
    },
  }),
];
