import { viewDecision } from '../../../db/decisions/read-decisions.ts';
import { viewDelivery } from '../../../db/deliveries/read-deliveries.ts';
import { viewMessage } from '../../../db/events/message-status.ts';
import { viewRejected, viewRejectedMessage } from '../../../db/events/read-rejected.ts';
import { iso } from '../../domain/time/time.ts';
import { delivery } from '../deliveries/schema.ts';
import { toDeliveryView } from '../deliveries/view.ts';
import { messageStatus, rejectedList } from '../events/schema.ts';
import { decodeCursor, encodeCursor, isTimeAndId, toPage } from '../frame/cursor.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { pageQuery } from '../frame/schema.ts';
import { readCurrencies } from './currencies.ts';
import { decision } from './schema.ts';
import { toDecisionView } from './view.ts';

/** Single records, and what became of messages. */
export const recordOperations: Operation[] = [
  defineOperation({
    id: 'getDecision',
    method: 'get',
    path: '/v1/decisions/{id}',
    tag: 'Decisions',
    summary: 'One decision, with every candidate and verdict',
    scope: 'read',
    replies: { 200: { description: 'The decision', schema: decision } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewDecision(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('decision');
      const currencyOf = await readCurrencies(api, workspace, [row]);
      return { body: toDecisionView(row, currencyOf(row)) };
    },
  }),
  defineOperation({
    id: 'getDelivery',
    method: 'get',
    path: '/v1/deliveries/{id}',
    tag: 'Deliveries',
    summary: 'One delivery',
    scope: 'read',
    replies: { 200: { description: 'The delivery', schema: delivery } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewDelivery(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('delivery');
      return { body: toDeliveryView(row) };
    },
  }),
  defineOperation({
    id: 'getMessage',
    method: 'get',
    path: '/v1/events/{messageId}',
    tag: 'Events',
    summary: 'Whether a message was accepted, and which decisions processed it',
    scope: 'read',
    replies: { 200: { description: 'Accepted or rejected', schema: messageStatus } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const messageId = params.messageId as string;
      const { sql } = api.deps.db;
      const accepted = await viewMessage(sql, workspace, messageId);
      if (accepted) {
        const { id, at, acceptedAt, ...rest } = accepted;
        const times = { at: iso(at), acceptedAt: iso(acceptedAt) };
        return {
          body: {
            messageId,
            status: 'accepted' as const,
            eventId: id,
            ...rest,
            ...times,
            code: null,
            reason: null,
          },
        };
      }
      const rejected = await viewRejectedMessage(sql, workspace, messageId);
      if (!rejected) throw notFound('message');
      const { at, code, reason } = rejected;
      const nowhere = {
        customerId: null,
        eventId: null,
        seq: null,
        name: null,
        acceptedAt: null,
        decisions: [],
      };
      return { body: { messageId, status: 'rejected' as const, ...nowhere, at: iso(at), code, reason } };
    },
  }),
  defineOperation({
    id: 'listRejectedEvents',
    method: 'get',
    path: '/v1/rejected',
    tag: 'Events',
    summary: 'Rejected events, with reasons',
    scope: 'read',
    query: pageQuery,
    replies: { 200: { description: 'Newest first', schema: rejectedList } },
    async handle({ api, workspace, query: { limit, cursor } }) {
      const place = decodeCursor<[string, string]>(cursor, isTimeAndId);
      const before = place && { wall: place[0], id: place[1] };
      const rows = await viewRejected(api.deps.db.sql, { workspace, limit: limit + 1, before });
      const body = toPage(
        rows,
        limit,
        (row) => encodeCursor(row.wall, row.id),
        ({ wall, ...row }) => ({ ...row, at: iso(row.at) }),
      );
      return { body };
    },
  }),
];
