import type { z } from 'zod';
import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { viewJourneyVersions } from '../../../db/config/versions.ts';
import { type CustomerAtStep, viewCustomersAtStep } from '../../../db/journeys/customers-at-step.ts';
import { readTimesOfLeft } from '../../../db/journeys/step-times.ts';
import { readJourneyPositions, readJourneyTotals } from '../../app/reports/journey-positions.ts';
import { buildJourneyGraph } from '../../definitions/describe/journey-graph.ts';
import type { Bundle } from '../../domain/definition.ts';
import { iso } from '../../domain/time/time.ts';
import { decodeCursor, encodeCursor, isId, toPage } from '../frame/cursor.ts';
import { notFound } from '../frame/http-error.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { customersAtStep, journey, journeyList, journeyQuery, stepQuery } from './schema.ts';
import { toCustomerView, toSummary, toTimes, toVersions } from './view.ts';

const tag = 'Journeys';

/** The journeys of the active bundle, with counts of enrollments. */
export const journeyOperations: Operation[] = [
  defineOperation({
    id: 'listJourneys',
    method: 'get',
    path: '/v1/journeys',
    tag,
    summary: 'The journeys of the active bundle',
    scope: 'read',
    replies: { 200: { description: 'In the order of the bundle', schema: journeyList } },
    async handle({ api, workspace }) {
      const bundle = await readVersion(api, workspace, undefined);
      const { counts, countedAt } = await readJourneyTotals(api.deps, workspace, Date.now());
      const data = bundle?.journeys.map((def) => toSummary(def, bundle.version, counts)) ?? [];
      return { body: { data, nextCursor: null, countedAt: iso(countedAt) } };
    },
  }),
  defineOperation({
    id: 'getJourney',
    method: 'get',
    path: '/v1/journeys/{id}',
    tag,
    summary: 'One journey: definition, graph, versions, and customers by step',
    scope: 'read',
    query: journeyQuery,
    replies: { 200: { description: 'The journey', schema: journey } },
    problems: [404],
    async handle({ api, workspace, params, query }) {
      const bundle = await readVersion(api, workspace, query.version);
      const definition = bundle?.journeys.find((def) => def.id === params.id);
      if (!bundle || !definition) throw notFound('journey');
      const { sql } = api.deps.db;
      const { id } = definition;
      const { counts, parked, times, countedAt } = await readJourneyPositions(
        api.deps,
        workspace,
        id,
        Date.now(),
      );
      const left = await readTimesOfLeft(sql, workspace, id);
      const versions = await viewJourneyVersions(sql, workspace, id);
      const body = {
        ...toSummary(definition, bundle.version, counts),
        // The compiled type has no index signature, which the open schema asks for.
        definition: definition as unknown as JourneyView['definition'],
        graph: buildJourneyGraph(definition, bundle.actions),
        steps: parked.map(({ journey: _, ...group }) => group),
        times: toTimes(times, left),
        versions: toVersions(versions, parked),
        countedAt: iso(countedAt),
      };
      return { body };
    },
  }),
  defineOperation({
    id: 'listCustomersAtStep',
    method: 'get',
    path: '/v1/journeys/{id}/customers',
    tag,
    summary: 'The customers who are in a journey now, by step',
    scope: 'read',
    query: stepQuery,
    replies: { 200: { description: 'A page of them', schema: customersAtStep } },
    problems: [404],
    async handle({ api, workspace, params, query: { step, limit, cursor } }) {
      const bundle = await readVersion(api, workspace, undefined);
      if (!bundle?.journeys.some((def) => def.id === params.id)) throw notFound('journey');
      const after = decodeCursor<[string, number, string]>(
        cursor,
        ([at, since, id]) => typeof at === 'string' && Number.isSafeInteger(since) && isId(id),
      );
      const page = { workspace, journey: params.id as string, step, limit: limit + 1, after };
      const rows = await viewCustomersAtStep(api.deps.db.sql, page);
      const place = (row: CustomerAtStep) => encodeCursor(row.step, row.since, row.id);
      return { body: toPage(rows, limit, place, toCustomerView) };
    },
  }),
];

type JourneyView = z.infer<typeof journey>;

/** The definitions of a version, of the active one by default; null if there is none. */
async function readVersion(
  { deps }: Api,
  workspace: string,
  requested: number | undefined,
): Promise<Bundle | null> {
  const { sql } = deps.db;
  const active = await readConfigVersion(sql, workspace);
  if (requested !== undefined && requested > active) return null;
  const version = requested ?? active;
  return version > 0 ? deps.bundles(sql, workspace, version) : null;
}
