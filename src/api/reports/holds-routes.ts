import { HOLDS_SINCE } from '../../app/reports/count/hold-cells.ts';
import { readCountedHolds } from '../../app/reports/counted/holds.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { readHoldsReport } from '../../app/reports/holds.ts';
import type { Operation } from '../frame/operation.ts';
import { HOLDS_COLUMNS, toHoldsRows } from './csv/holds-csv.ts';
import { defineReport } from './define-report.ts';
import { holdsQuery, holdsReportSchema } from './holds-schema.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';

/** What holds a journey back. */
export const holdsOperations: Operation[] = [
  defineReport({
    id: 'getHoldsReport',
    name: 'holds',
    summary: 'How many decisions of a journey each rule held back',
    description: 'By rule, and by the action that it blocked',
    query: holdsQuery,
    schema: holdsReportSchema,
    problems: [422],
    csv: { columns: HOLDS_COLUMNS, toRows: toHoldsRows },
    async read({ api, workspace, query }) {
      const now = Date.now();
      const { journey } = query;
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: parsePeriod(query, now), now },
        {
          ofCustomers: false,
          since: HOLDS_SINCE,
          counted: (counts) => readCountedHolds(api.deps, journey, counts),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['decisions']);
            return readHoldsReport(api.deps, workspace, journey, rows);
          },
        },
      );
      return { view: { journey, ...report }, countedAt, period };
    },
  }),
];
