import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readCountedDeliveries } from '../../app/reports/counted/deliveries.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { readDeliveriesReport } from '../../app/reports/deliveries.ts';
import type { Operation } from '../frame/operation.ts';
import { DELIVERY_COLUMNS, toDeliveryRows } from './csv/deliveries-csv.ts';
import { defineReport } from './define-report.ts';
import { deliveriesReportSchema } from './deliveries-schema.ts';
import { toDeliveriesReportView } from './deliveries-view.ts';
import { parsePeriod } from './period.ts';
import { periodQuery } from './schema.ts';

/** Deliveries and tasks. */
export const deliveryReportOperations: Operation[] = [
  defineReport({
    id: 'getDeliveriesReport',
    name: 'deliveries',
    summary:
      'Deliveries by channel, action, variant and day, and tasks by action: states, refusals and costs',
    description: 'By channel and action',
    query: periodQuery,
    schema: deliveriesReportSchema,
    problems: [404],
    csv: { columns: DELIVERY_COLUMNS, toRows: toDeliveryRows },
    async read({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const now = Date.now();
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: parsePeriod(query, now), now },
        {
          ofCustomers: false,
          counted: (counts) => readCountedDeliveries(api.deps, counts),
          recount: (rows) => readDeliveriesReport(api.deps, workspace, rows),
        },
      );
      const view = toDeliveriesReportView(report, bundle.workspace.currency);
      return { view, countedAt, period };
    },
  }),
];
