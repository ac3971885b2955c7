import { type DecisionView, viewDecisions } from '../../../db/queries/view-decisions.ts';
import { viewDeliveries } from '../../../db/queries/view-deliveries.ts';
import { viewIdsOf } from '../../../db/queries/view-merged.ts';
import { viewTimeline } from '../../../db/queries/view-timeline.ts';
import { currenciesOf } from '../currencies.ts';
import { cursorOf, isWallPlace, pageOf, readCursor } from '../cursor.ts';
import { resolveRef } from '../customer-ref.ts';
import { type Api, type Operation, operation } from '../operation.ts';
import { pageQuery } from '../schemas/common.ts';
import { decisionList } from '../schemas/decision.ts';
import { deliveryList } from '../schemas/delivery.ts';
import { timeline } from '../schemas/timeline.ts';
import { decisionView } from '../views/decision.ts';
import { deliveryView } from '../views/delivery.ts';
import { timelineItemView } from '../views/timeline.ts';

const tag = 'Customers';

/** What happened to a customer, newest first. */
export const historyOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/customers/{ref}/timeline',
    tag,
    summary: 'Events, decisions and what became of them',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: timeline } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = readCursor<[string, string]>(cursor, isWallPlace);
      const customerIds = await idsOf(api, workspace, params.ref as string);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewTimeline(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      return { body: pageOf(rows, limit, (row) => cursorOf(row.wall, row.item.id), timelineItemView) };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/customers/{ref}/decisions',
    tag,
    summary: 'Every decision about a customer',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: decisionList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = readCursor<[string, string]>(cursor, isWallPlace);
      const customerIds = await idsOf(api, workspace, params.ref as string);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewDecisions(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      const currencyOf = await currenciesOf(api, workspace, rows);
      const view = (row: DecisionView) => decisionView(row, currencyOf(row));
      return { body: pageOf(rows, limit, (row) => cursorOf(row.committed, row.id), view) };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/customers/{ref}/deliveries',
    tag,
    summary: 'Every delivery to a customer',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: deliveryList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = readCursor<[string, string]>(cursor, isWallPlace);
      const customerIds = await idsOf(api, workspace, params.ref as string);
      const before = place && { created: place[0], id: place[1] };
      const rows = await viewDeliveries(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      return { body: pageOf(rows, limit, (row) => cursorOf(row.created, row.id), deliveryView) };
    },
  }),
];

/** The history of somebody who has been merged is that of both. @throws HttpError 400, 404, 410 */
async function idsOf({ deps }: Api, workspace: string, ref: string): Promise<string[]> {
  return viewIdsOf(deps.db.sql, await resolveRef(deps.db, workspace, ref));
}
