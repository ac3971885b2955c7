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
      await requireKeptPeriod(api.deps.db, period, ['decisions']);
      const { action, journey } = query;
      const view = await readFunnel(api.deps, workspace, period, { action, journey });
      return { view, countedAt: now, period };
    },
  }),
];
