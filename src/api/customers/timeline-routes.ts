import { viewTimeline } from '../../../db/events/timeline.ts';
import { readKeptSince } from '../../../db/partitions/kept-since.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { toIsoOrNull } from '../frame/format.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { resolveAllIds } from './customer-ref.ts';
import { timeline, timelineQuery } from './timeline-schema.ts';
import { toTimelineItemView } from './timeline-view.ts';

/** What happened to a customer, under all of their ids. */
export const timelineOperations: Operation[] = [
  defineOperation({
    id: 'listCustomerTimeline',
    method: 'get',
    path: '/v1/customers/{ref}/timeline',
    tag: 'Customers',
    summary: 'Events, decisions, deliveries and tasks of a customer',
    scope: 'read',
    embedded: 'customer',
    query: timelineQuery,
    replies: { 200: { description: 'Newest first', schema: timeline } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor, kind } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerIds = await resolveAllIds(api.deps.db, workspace, params.ref as string);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewTimeline(api.deps.db.sql, {
        customerIds,
        limit: limit + 1,
        before,
        kinds: kind,
      });
      const page = toPage(rows, limit, (row) => encodeCursor(row.wall, row.item.id), toTimelineItemView);
      return { body: { ...page, keptSince: toIsoOrNull(await readKeptSince(api.deps.db.sql, 'events')) } };
    },
  }),
];
