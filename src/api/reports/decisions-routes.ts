import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readDecisionsReport } from '../../app/reports/decisions.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { decisionsReportSchema } from './decisions-schema.ts';
import { toDecisionsReportView } from './decisions-view.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod, toPeriodView } from './period.ts';
import { periodQuery } from './schema.ts';

/** Decisions, rules and the model. */
export const decisionReportOperations: Operation[] = [
  defineOperation({
    id: 'getDecisionsReport',
    method: 'get',
    path: '/v1/reports/decisions',
    tag: 'Reports',
    summary: 'Drop-off per rule, action and stage; policies; and the calibration of the model',
    scope: 'read',
    query: periodQuery,
    replies: {
      200: { description: 'Counted over the decisions of the period', schema: decisionsReportSchema },
    },
    problems: [404],
    async handle({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const period = parsePeriod(query, Date.now());
      await requireKeptPeriod(api.deps.db, period, ['decisions']);
      const report = await readDecisionsReport(api.deps, workspace, bundle, period);
      const view = toDecisionsReportView(report, bundle.workspace.currency);
      return { body: { period: toPeriodView(period), ...view } };
    },
  }),
];
