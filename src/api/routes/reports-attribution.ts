import { ATTRIBUTION_MODELS, type AttributionModel } from '../../decisioning/attribution/attribute.ts';
import { neededBundle } from '../active-bundle.ts';
import { notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { periodOf, periodView } from '../period.ts';
import { attributionOf } from '../reports/attribution.ts';
import { attribution, attributionQuery } from '../schemas/report-attribution.ts';
import { attributionView } from '../views/report-attribution.ts';

/** Who gets credit for what happened. */
export const attributionOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/reports/attribution',
    tag: 'Reports',
    summary: 'Conversions divided among contacts by several models, and beside each what was really caused',
    scope: 'read',
    query: attributionQuery,
    replies: { 200: { description: "Every model's credits sum to the conversions", schema: attribution } },
    problems: [404, 422],
    async handle({ api, workspace, query }) {
      const bundle = await neededBundle(api, workspace);
      const journey = bundle.journeys.find((one) => one.id === query.journey) ?? null;
      if (query.journey !== undefined && journey === null) throw notFound('journey');
      const { event, by, lookbackDays } = query;
      const models = (query.model?.split(',') as AttributionModel[] | undefined) ?? ATTRIBUTION_MODELS;
      const period = periodOf(query, Date.now());
      const wanted = { period, event, by, lookbackDays, models, journey, bundle };
      const found = await attributionOf(api, workspace, wanted);
      return { body: { period: periodView(period), ...attributionView(found, wanted) } };
    },
  }),
];
