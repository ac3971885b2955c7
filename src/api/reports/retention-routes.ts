import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { readCountedRetention } from '../../app/reports/counted/retention.ts';
import { readRetentionReport } from '../../app/reports/retention.ts';
import { notFound } from '../frame/http-error.ts';
import type { Operation } from '../frame/operation.ts';
import { RETENTION_COLUMNS, toRetentionRows } from './csv/retention-csv.ts';
import { defineReport } from './define-report.ts';
import { toHeadlineView, toNumber } from './headline-view.ts';
import { parsePeriod } from './period.ts';
import { retentionQuery, retentionReportSchema } from './retention-schema.ts';

/** Repeat purchases. */
export const retentionOperations: Operation[] = [
  defineReport({
    id: 'getRetentionReport',
    name: 'retention',
    summary: 'Repeat purchases by month since the first order, treated against control',
    description: 'By month of the first order',
    query: retentionQuery,
    schema: retentionReportSchema,
    problems: [404, 422],
    csv: { columns: RETENTION_COLUMNS, toRows: toRetentionRows },
    async read({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const journey = bundle.journeys.find(({ id }) => id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const now = Date.now();
      const asked = parsePeriod(query, now);
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: asked, now },
        {
          ofCustomers: false,
          counted: (counts) => readCountedRetention(api.deps, counts, { bundle, journey, now }),
          recount: (rows) => readRetentionReport(api.deps, workspace, { bundle, journey, period: rows, now }),
        },
      );
      const cohorts = report.cohorts.map((cohort) => ({
        ...cohort,
        months: cohort.months.map((month) => ({
          ...month,
          comparison: toHeadlineView(month.comparison, toNumber),
        })),
      }));
      return { view: { ...report, cohorts }, countedAt, period };
    },
  }),
];
