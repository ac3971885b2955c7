import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readCountedDecisions } from '../../app/reports/counted/decisions.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { readDecisionsReport } from '../../app/reports/decisions.ts';
import type { Operation } from '../frame/operation.ts';
import { DECISION_COLUMNS, toDecisionRows } from './csv/decisions-csv.ts';
import { decisionsReportSchema } from './decisions-schema.ts';
import { toDecisionsReportView } from './decisions-view.ts';
import { defineReport } from './define-report.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';
import { periodQuery } from './schema.ts';

/** Decisions, rules and the model. */
export const decisionReportOperations: Operation[] = [
  defineReport({
    id: 'getDecisionsReport',
    name: 'decisions',
    summary: 'Drop-off per rule, action, stage and day; policies; and the calibration of the model',
    description: 'Counted over the decisions of the period',
    query: periodQuery,
    schema: decisionsReportSchema,
    problems: [404],
    csv: { columns: DECISION_COLUMNS, toRows: toDecisionRows },
    async read({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const now = Date.now();
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: parsePeriod(query, now), now },
        {
          ofCustomers: true,
          since: 3,
          counted: (counts) => readCountedDecisions(api.deps, bundle, counts),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['decisions']);
            return readDecisionsReport(api.deps, workspace, bundle, rows);
          },
        },
      );
      const view = toDecisionsReportView(report, bundle.workspace.currency);
      return { view, countedAt, period };
    },
  }),
];
