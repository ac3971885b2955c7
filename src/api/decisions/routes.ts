import {
  type DecisionView,
  readProcessedEvents,
  viewDecision,
  viewDecisions,
} from '../../../db/decisions/read-decisions.ts';
import { readKeptSince } from '../../../db/partitions/kept-since.ts';
import { findDecisions } from '../../app/decisions/find-decisions.ts';
import { iso } from '../../domain/time/time.ts';
import { resolveAllIds } from '../customers/customer-ref.ts';
import { decodeCursor, encodeCursor, isId, isTimeAndId, toPage } from '../frame/cursor.ts';
import { toIsoOrNull } from '../frame/format.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { pageQuery } from '../frame/schema.ts';
import { parsePeriod } from '../reports/period.ts';
import { readCurrencies } from './currencies.ts';
import { decisionSummaries, decisionsQuery } from './list-schema.ts';
import { toDecisionSummary } from './list-view.ts';
import { decision, decisionList } from './schema.ts';
import { toDecisionView } from './view.ts';

const tag = 'Decisions';
/** Events of a single decision that are listed. */
const MOST_EVENTS = 20;

/** Recorded decisions. */
export const decisionOperations: Operation[] = [
  defineOperation({
    id: 'listCustomerDecisions',
    method: 'get',
    path: '/v1/customers/{ref}/decisions',
    tag,
    summary: 'Decisions about a customer, with every candidate and verdict',
    scope: 'read',
    embedded: 'customer',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: decisionList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerIds = await resolveAllIds(api.deps.db, workspace, params.ref as string);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewDecisions(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      const currencyOf = await readCurrencies(api.deps, workspace, rows);
      const view = (row: DecisionView) => toDecisionView(row, currencyOf(row));
      const page = toPage(rows, limit, (row) => encodeCursor(row.committed, row.id), view);
      return { body: { ...page, keptSince: toIsoOrNull(await readKeptSince(api.deps.db.sql, 'decisions')) } };
    },
  }),
  defineOperation({
    id: 'listDecisions',
    method: 'get',
    path: '/v1/decisions',
    tag,
    summary: 'Decisions in which a choice was due: what was chosen, and what was blocked most',
    scope: 'read',
    query: decisionsQuery,
    replies: {
      200: {
        description: 'Newest first. A page may be short, or empty: `nextCursor` says whether there is more',
        schema: decisionSummaries,
      },
    },
    async handle({ api, workspace, query: { limit, cursor, from, to, ...filter } }) {
      const place = decodeCursor<[number, string]>(cursor, isInstantAndId);
      const before = place && { at: place[0], id: place[1] };
      const period = parsePeriod({ from, to }, Date.now());
      const found = await findDecisions(api.deps, workspace, period, { filter, before, limit });
      return {
        body: {
          data: found.decisions.map(toDecisionSummary),
          nextCursor: found.next && encodeCursor(found.next.at, found.next.id),
          keptSince: toIsoOrNull(await readKeptSince(api.deps.db.sql, 'decisions')),
        },
      };
    },
  }),
  defineOperation({
    id: 'getDecision',
    method: 'get',
    path: '/v1/decisions/{id}',
    tag,
    summary: 'One decision, with every candidate and verdict',
    scope: 'read',
    embedded: 'decision',
    replies: { 200: { description: 'The decision', schema: decision } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewDecision(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('decision');
      const currencyOf = await readCurrencies(api.deps, workspace, [row]);
      const events = await readProcessedEvents(api.deps.db.sql, row, MOST_EVENTS);
      const view = toDecisionView(row, currencyOf(row));
      return { body: { ...view, events: events.map(({ at, ...event }) => ({ ...event, at: iso(at) })) } };
    },
  }),
];

function isInstantAndId(place: unknown[]): boolean {
  return place.length === 2 && Number.isSafeInteger(place[0]) && isId(place[1]);
}
