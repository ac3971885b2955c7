import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readJourneysReport } from '../../app/reports/journeys.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';
import { journeysReportSchema } from './journeys-schema.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod, toPeriodView } from './period.ts';
import { periodQuery } from './schema.ts';

/** Progress of enrollments. */
export const journeyReportOperations: Operation[] = [
  defineOperation({
    id: 'getJourneysReport',
    method: 'get',
    path: '/v1/reports/journeys',
    tag: 'Reports',
    summary: 'Enrollments, goals and drop-off per journey, treated against control',
    scope: 'read',
    query: periodQuery,
    replies: { 200: { description: 'In the order of the bundle', schema: journeysReportSchema } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const period = parsePeriod(query, Date.now());
      await requireKeptPeriod(api.deps.db, period, ['decisions']);
      const { journeys } = await readJourneysReport(api.deps, workspace, bundle, period);
      const body = {
        period: toPeriodView(period),
        journeys: journeys.map(({ goal, ...journey }) => ({
          ...journey,
          goal: goal && toHeadlineView(goal, toNumber),
        })),
      };
      return { body };
    },
  }),
];
