import type { z } from 'zod';
import { readConfigVersion } from '../../../db/config/active-bundle.ts';
import { viewJourneyVersions } from '../../../db/config/versions.ts';
import { type JourneyCount, viewJourneyCounts } from '../../../db/journeys/journey-counts.ts';
import { countParkedCustomers } from '../../../db/journeys/parked-customers.ts';
import { buildJourneyGraph } from '../../definitions/describe/journey-graph.ts';
import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import { iso } from '../../domain/time/time.ts';
import { notFound } from '../frame/http-error.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { journey, journeyList } from './schema.ts';

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
      const [bundle, counts] = await readJourneys(api, workspace);
      const data = bundle?.journeys.map((def) => toSummary(def, bundle, counts)) ?? [];
      return { body: { data, nextCursor: null } };
    },
  }),
  defineOperation({
    id: 'getJourney',
    method: 'get',
    path: '/v1/journeys/{id}',
    tag,
    summary: 'One journey: definition, graph, versions, and customers by step',
    scope: 'read',
    replies: { 200: { description: 'The journey', schema: journey } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const [bundle, counts] = await readJourneys(api, workspace);
      const definition = bundle?.journeys.find((def) => def.id === params.id);
      if (!bundle || !definition) throw notFound('journey');
      const { sql } = api.deps.db;
      const parked = await countParkedCustomers(sql, workspace, definition.id);
      const versions = await viewJourneyVersions(sql, workspace, definition.id);
      const body = {
        ...toSummary(definition, bundle, counts),
        // The compiled type has no index signature, which the open schema asks for.
        definition: definition as unknown as JourneyView['definition'],
        graph: buildJourneyGraph(definition),
        steps: parked.map(({ journey: _, ...group }) => group),
        versions: versions.map((version) => ({ ...version, activatedAt: iso(version.activatedAt) })),
      };
      return { body };
    },
  }),
];

type JourneyView = z.infer<typeof journey>;

async function readJourneys({ deps }: Api, workspace: string): Promise<[Bundle | null, JourneyCount[]]> {
  const { sql } = deps.db;
  const version = await readConfigVersion(sql, workspace);
  const bundle = version > 0 ? await deps.bundles(sql, workspace, version) : null;
  return [bundle, await viewJourneyCounts(sql, workspace)];
}

function toSummary(def: JourneyDef, { version }: Bundle, counts: JourneyCount[]) {
  const of = (arm: JourneyCount['arm']) => {
    const { open = 0, ended = 0, goal = 0 } = counts.find((c) => c.journey === def.id && c.arm === arm) ?? {};
    return { open, ended, goal };
  };
  const { id, owner, stage } = def;
  const arms = { treated: of('treated'), control: of('control') };
  return { id, owner, class: def.class, stage, version, activeSince: iso(def.activeSince), counts: arms };
}
