import { viewDeliveries, viewDelivery } from '../../../db/deliveries/read-deliveries.ts';
import { decodeSentContent } from '../../../db/deliveries/sent-content.ts';
import { readSentMessage } from '../../../db/deliveries/sent-messages.ts';
import { repeatDelivery } from '../../app/deliver/repeat-delivery.ts';
import { iso } from '../../domain/time/time.ts';
import { resolveAllIds } from '../customers/customer-ref.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { toIsoOrNull } from '../frame/format.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { pageQuery } from '../frame/schema.ts';
import { delivery, deliveryContent, deliveryList, repeatBody } from './schema.ts';
import { toDeliveryView } from './view.ts';

const tag = 'Deliveries';

/** Recorded deliveries, and what support can do with them. */
export const deliveryOperations: Operation[] = [
  defineOperation({
    id: 'listCustomerDeliveries',
    method: 'get',
    path: '/v1/customers/{ref}/deliveries',
    tag,
    summary: 'Deliveries to a customer',
    scope: 'read',
    embedded: 'customer',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: deliveryList } },
    problems: [404, 410],
    async handle({ api, workspace, params, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const customerIds = await resolveAllIds(api.deps.db, workspace, params.ref as string);
      const before = place && { created: place[0], id: place[1] };
      const rows = await viewDeliveries(api.deps.db.sql, { customerIds, limit: limit + 1, before });
      return { body: toPage(rows, limit, (row) => encodeCursor(row.created, row.id), toDeliveryView) };
    },
  }),
  defineOperation({
    id: 'getDelivery',
    method: 'get',
    path: '/v1/deliveries/{id}',
    tag,
    summary: 'One delivery',
    scope: 'read',
    embedded: 'delivery',
    replies: { 200: { description: 'The delivery', schema: delivery } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewDelivery(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('delivery');
      return { body: toDeliveryView(row) };
    },
  }),
  defineOperation({
    id: 'getDeliveryContent',
    method: 'get',
    path: '/v1/deliveries/{id}/content',
    tag,
    summary: 'What a delivery has sent: subject, HTML and text',
    scope: 'read',
    embedded: 'delivery',
    replies: { 200: { description: 'The content of its last attempt', schema: deliveryContent } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const { sql } = api.deps.db;
      const id = params.id as string;
      const row = await viewDelivery(sql, workspace, id);
      if (!row) throw notFound('delivery');
      const wasTried = row.state !== 'planned' && row.state !== 'held' && row.state !== 'cancelled';
      const kept = wasTried ? await readSentMessage(sql, workspace, id) : null;
      if (!kept) throw notFound('content');
      const { cms = null, ...content } = decodeSentContent(kept.content);
      return {
        body: {
          deliveryId: id,
          at: iso(kept.writtenAt),
          ...content,
          cms: cms && { ...cms, fetchedAt: toIsoOrNull(cms.fetchedAt) },
        },
      };
    },
  }),
  defineOperation({
    id: 'repeatDelivery',
    method: 'post',
    path: '/v1/deliveries/{id}/repeat',
    tag,
    summary: 'Send a message again that is unknown or failed; never marketing',
    scope: 'act',
    body: repeatBody,
    replies: { 200: { description: 'The delivery that repeats it, now or before', schema: delivery } },
    problems: [404, 409, 410, 422],
    async handle({ api, workspace, params, body, once }) {
      const id = await once<string>((record) =>
        repeatDelivery(api.decisionServices, workspace, params.id as string, body, record),
      );
      api.notifyRelays();
      const row = await viewDelivery(api.deps.db.sql, workspace, id);
      if (!row) throw notFound('delivery');
      return { body: toDeliveryView(row) };
    },
  }),
];
