import { type DecisionView, viewDecisions } from '../../../db/decisions/read-decisions.ts';
import { viewDeliveries } from '../../../db/deliveries/read-deliveries.ts';
import { viewTimeline } from '../../../db/events/timeline.ts';
import { readAllIds } from '../../../db/identity/merged-ids.ts';
import { readCurrencies } from '../decisions/currencies.ts';
import { decisionList } from '../decisions/schema.ts';
import { toDecisionView } from '../decisions/view.ts';
import { deliveryList } from '../deliveries/schema.ts';
import { toDeliveryView } from '../deliveries/view.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { type Api, defineOperation, type Operation } from '../frame/operation.ts';
import { pageQuery } from '../frame/schema.ts';
import { resolveReference } from './customer-ref.ts';
import { timeline } from './timeline-schema.ts';
import { toTimelineItemView } from './timeline-view.ts';

const tag = 'Customers';

/** What happened to a customer, newest first. */
export const historyOperations: Operation[] = [
  defineOperation({
    id: 'listCustomerTimeline',
    method: 'get',
    path: '/v1/customers/{ref}/timeline',
    tag,
    summary: 'Events, decisions, deliveries and tasks of a customer',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: timeline } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerIds = await idsOf(api, workspace, params.ref as string);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewTimeline(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      return { body: toPage(rows, limit, (row) => encodeCursor(row.wall, row.item.id), toTimelineItemView) };
    },
  }),
  defineOperation({
    id: 'listCustomerDecisions',
    method: 'get',
    path: '/v1/customers/{ref}/decisions',
    tag,
    summary: 'Decisions about a customer, with every candidate and verdict',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: decisionList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerIds = await idsOf(api, workspace, params.ref as string);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewDecisions(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      const currencyOf = await readCurrencies(api, workspace, rows);
      const view = (row: DecisionView) => toDecisionView(row, currencyOf(row));
      return { body: toPage(rows, limit, (row) => encodeCursor(row.committed, row.id), view) };
    },
  }),
  defineOperation({
    id: 'listCustomerDeliveries',
    method: 'get',
    path: '/v1/customers/{ref}/deliveries',
    tag,
    summary: 'Deliveries to a customer',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: deliveryList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerIds = await idsOf(api, workspace, params.ref as string);
      const before = place && { created: place[0], id: place[1] };
      const rows = await viewDeliveries(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      return { body: toPage(rows, limit, (row) => encodeCursor(row.created, row.id), toDeliveryView) };
    },
  }),
];

/** The history of somebody who has been merged is that of both. @throws HttpError 400, 404, 410 */
async function idsOf({ deps }: Api, workspace: string, ref: string): Promise<string[]> {
  return readAllIds(deps.db.sql, await resolveReference(deps.db, workspace, ref));
}
