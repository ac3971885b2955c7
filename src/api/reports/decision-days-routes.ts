import { readDecisionDays } from '../../app/reports/decision-days.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { decisionDaysQuery, decisionDaysSchema } from './decision-days-schema.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod, toPeriodView } from './period.ts';

/** Candidates over time. */
export const decisionDaysOperations: Operation[] = [
  defineOperation({
    id: 'getDecisionDays',
    method: 'get',
    path: '/v1/reports/decisions/days',
    tag: 'Reports',
    summary: 'From candidates to sent, by day and by the reason that blocked them',
    scope: 'read',
    query: decisionDaysQuery,
    replies: { 200: { description: 'Days with candidates, oldest first', schema: decisionDaysSchema } },
    async handle({ api, workspace, query }) {
      const period = parsePeriod(query, Date.now());
      await requireKeptPeriod(api.deps.db, period, ['decisions']);
      const { action, journey } = query;
      const report = await readDecisionDays(api.deps, workspace, period, { action, journey });
      return { body: { period: toPeriodView(period), ...report } };
    },
  }),
];
