import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readAttribution } from '../../app/reports/attribution.ts';
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
      const period = parsePeriod(query, now);
      await requireKeptPeriod(api.deps.db, period, ['events']);
      const request = { period, event, by, lookbackDays, models, journey, bundle };
      const result = await readAttribution(api.deps, workspace, request);
      return { view: toAttributionView(result, request), countedAt: now, period };
    },
  }),
];
