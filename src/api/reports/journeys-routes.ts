import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readJourneysReport } from '../../app/reports/journeys.ts';
import type { Operation } from '../frame/operation.ts';
import { JOURNEY_COLUMNS, toJourneyRows } from './csv/journeys-csv.ts';
import { defineReport } from './define-report.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';
import { journeysReportSchema } from './journeys-schema.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';
import { periodQuery } from './schema.ts';

/** Progress of enrollments. */
export const journeyReportOperations: Operation[] = [
  defineReport({
    id: 'getJourneysReport',
    name: 'journeys',
    summary: 'Enrollments, goals and drop-off per journey, treated against control',
    description: 'In the order of the bundle',
    query: periodQuery,
    schema: journeysReportSchema,
    problems: [404, 422],
    csv: { columns: JOURNEY_COLUMNS, toRows: toJourneyRows },
    async read({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const now = Date.now();
      const period = parsePeriod(query, now);
      await requireKeptPeriod(api.deps.db, period, ['decisions']);
      const { journeys } = await readJourneysReport(api.deps, workspace, bundle, period);
      const view = {
        journeys: journeys.map(({ goal, ...journey }) => ({
          ...journey,
          goal: goal && toHeadlineView(goal, toNumber),
        })),
      };
      return { view, countedAt: now, period };
    },
  }),
];
