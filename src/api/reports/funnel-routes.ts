import { readCountedFunnel } from '../../app/reports/counted/funnel.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { readFunnel } from '../../app/reports/funnel.ts';
import type { Operation } from '../frame/operation.ts';
import { FUNNEL_COLUMNS, toFunnelRows } from './csv/funnel-csv.ts';
import { defineReport } from './define-report.ts';
import { funnelQuery, funnelReportSchema } from './funnel-schema.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';

/** Candidates over time. */
export const funnelOperations: Operation[] = [
  defineReport({
    id: 'getFunnelReport',
    name: 'funnel',
    summary: 'From candidates to sent, by day and by the reason that blocked them',
    description: 'Days with candidates, oldest first',
    query: funnelQuery,
    schema: funnelReportSchema,
    problems: [],
    csv: { columns: FUNNEL_COLUMNS, toRows: toFunnelRows },
    async read({ api, workspace, query }) {
      const now = Date.now();
      const period = parsePeriod(query, now);
      const { action, journey } = query;
      const { report, ...age } = await readCountedOr(
        api.deps,
        { workspace, period, now },
        {
          ofCustomers: false,
          since: 3,
          counted: (counts) => readCountedFunnel(api.deps, counts, { action, journey }),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['decisions']);
            return readFunnel(api.deps, workspace, rows, { action, journey });
          },
        },
      );
      return { view: report, ...age };
    },
  }),
];
