import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readCountedJourneys } from '../../app/reports/counted/journeys.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
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
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: parsePeriod(query, now), now },
        {
          ofCustomers: true,
          counted: (counts) => readCountedJourneys(api.deps, bundle, counts),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['decisions']);
            return readJourneysReport(api.deps, workspace, bundle, rows);
          },
        },
      );
      const view = {
        journeys: report.journeys.map(({ goal, ...journey }) => ({
          ...journey,
          goal: goal && toHeadlineView(goal, toNumber),
        })),
      };
      return { view, countedAt, period };
    },
  }),
];
