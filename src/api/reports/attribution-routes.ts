import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { readAttribution } from '../../app/reports/attribution.ts';
import { ATTRIBUTION_MODELS, type AttributionModel } from '../../statistics/attribution/attribute.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { attribution, attributionQuery } from './attribution-schema.ts';
import { toAttributionView } from './attribution-view.ts';
import { requireKeptPeriod } from './kept-period.ts';
import { parsePeriod, toPeriodView } from './period.ts';

/** Attribution of conversions. */
export const attributionOperations: Operation[] = [
  defineOperation({
    id: 'getAttributionReport',
    method: 'get',
    path: '/v1/reports/attribution',
    tag: 'Reports',
    summary: 'Credit per touchpoint by several models, and the incremental effect beside it',
    scope: 'read',
    query: attributionQuery,
    replies: { 200: { description: "Every model's credits sum to the conversions", schema: attribution } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await requireActiveBundle(api.deps, workspace);
      const journey = bundle.journeys.find(({ id }) => id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const { event, by, lookbackDays } = query;
      const models = (query.model?.split(',') as AttributionModel[] | undefined) ?? ATTRIBUTION_MODELS;
      const period = parsePeriod(query, Date.now());
      await requireKeptPeriod(api.deps.db, period, ['events']);
      const request = { period, event, by, lookbackDays, models, journey, bundle };
      const result = await readAttribution(api.deps, workspace, request);
      return { body: { period: toPeriodView(period), ...toAttributionView(result, request) } };
    },
  }),
];
