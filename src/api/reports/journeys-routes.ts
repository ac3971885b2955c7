import { readJourneysReport } from '../../app/reports/journeys.ts';
import { requireActiveBundle } from '../frame/active-bundle.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { journeysReportSchema } from './journeys-schema.ts';
import { parsePeriod } from './period.ts';
import { periodQuery } from './schema.ts';

/** Where customers get to, and where they drop out. */
export const journeyReportOperations: Operation[] = [
  defineOperation({
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
      const bundle = await requireActiveBundle(api, workspace);
      return { body: await readJourneysReport(api, workspace, bundle, parsePeriod(query, Date.now())) };
    },
  }),
];
