import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readAttribution } from '../../app/reports/attribution.ts';
import { COUNTED_ATTRIBUTION } from '../../app/reports/count/attribution-cells.ts';
import { readCountedAttribution } from '../../app/reports/counted/attribution.ts';
import { readCountedOr } from '../../app/reports/counted/read-counted.ts';
import { ATTRIBUTION_MODELS, type AttributionModel } from '../../statistics/attribution/attribute.ts';
import { notFound } from '../frame/http-error.ts';
import type { Operation } from '../frame/operation.ts';
import { attribution, attributionQuery } from './attribution-schema.ts';
import { toAttributionView } from './attribution-view.ts';
import { ATTRIBUTION_COLUMNS, toAttributionRows } from './csv/attribution-csv.ts';
import { defineReport } from './define-report.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod } from './period.ts';

/** Attribution of conversions. */
export const attributionOperations: Operation[] = [
  defineReport({
    id: 'getAttributionReport',
    name: 'attribution',
    summary: 'Credit per touchpoint by several models, and the incremental effect beside it',
    description: "Every model's credits sum to the conversions",
    query: attributionQuery,
    schema: attribution,
    problems: [404, 422],
    csv: { columns: ATTRIBUTION_COLUMNS, toRows: toAttributionRows },
    async read({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const journey = bundle.journeys.find(({ id }) => id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const { event, by, lookbackDays } = query;
      const models = (query.model?.split(',') as AttributionModel[] | undefined) ?? ATTRIBUTION_MODELS;
      const now = Date.now();
      const asked = parsePeriod(query, now);
      const counted = { by, models, journey, bundle };
      const isCounted =
        event === COUNTED_ATTRIBUTION.event && lookbackDays === COUNTED_ATTRIBUTION.lookbackDays;
      const { report, countedAt, period } = await readCountedOr(
        api.deps,
        { workspace, period: asked, now },
        {
          ofCustomers: true,
          since: isCounted ? COUNTED_ATTRIBUTION.since : Number.POSITIVE_INFINITY,
          counted: (counts) => readCountedAttribution(api.deps, counted, counts),
          async recount(rows) {
            await requireKeptPeriod(api.deps.db, rows, ['events']);
            return readAttribution(api.deps, workspace, { ...counted, period: rows, event, lookbackDays });
          },
        },
      );
      const view = toAttributionView(report, { event, by, lookbackDays, journey, bundle });
      return { view, countedAt, period };
    },
  }),
];
